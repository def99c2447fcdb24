package org.ocpu.builder;

import java.nio.file.Path;

/**
 * One build under way: what its stages share.
 *
 * @param work its directory, which only it uses and which goes away with it
 */
record BuildRun(Build build, Path work, BuildLog log, Deadline deadline, StopSignal stop) {
    long id() {
        return build.id();
    }

    Push push() {
        return build.push();
    }

    /** The repository's files. */
    Path source() {
        return work.resolve("source");
    }

    /** The package's files in the repository. */
    Path packageDirectory() {
        return source().resolve(push().directory());
    }

    /** The text with the author's files named as in the repository, and no path of this server. */
    String withoutPaths(String text) {
        return text.replace(packageDirectory() + "/", "")
                .replace(source() + "/", "")
                .replace(work() + "/", "");
    }

    /** Where the package is installed to before it is published. */
    Path library() {
        return work.resolve("library");
    }
}
