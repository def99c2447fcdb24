package org.ocpu.builder;

import java.nio.file.Path;

/** Repositories that a package names in {@code Remotes}. */
interface Remotes {
    /**
     * Brings the files of a repository into a directory.
     *
     * @param ref a branch, tag or commit; empty for the default branch, {@code *release} for the newest release
     * @param into a directory that does not exist yet
     * @return the commit
     * @throws BuildFailure when it cannot be had, saying why
     */
    String fetch(String owner, String repo, String ref, Path into);
}
