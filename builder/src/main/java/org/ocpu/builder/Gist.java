package org.ocpu.builder;

import java.nio.file.Path;
import java.util.Optional;

/** The files of a gist as they were at one commit, which stay until this is closed: for one request. */
public final class Gist implements AutoCloseable {
    private final GistCopy copy;
    private final GistStore store;
    private final Optional<String> problem;

    Gist(GistCopy copy, GistStore store) {
        this.copy = copy;
        this.store = store;
        this.problem = copy.checked().flatMap(GistCopy.Checked::problem);
    }

    /** Where the files are. */
    public Path directory() {
        return copy.files();
    }

    /** {@code gist/user/id}. */
    public String place() {
        return "gist/" + copy.name();
    }

    public String commit() {
        return copy.commit();
    }

    /** Why these may not be the newest files. */
    public Optional<String> problem() {
        return problem;
    }

    GistCopy copy() {
        return copy;
    }

    /** To be called once. */
    @Override
    public void close() {
        store.release(copy);
    }
}
