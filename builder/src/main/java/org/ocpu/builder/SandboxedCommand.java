package org.ocpu.builder;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command of a build and what it may touch beside the system, R and a private {@code /tmp} and home, which are always there.
 *
 * @param stage whose output it is
 * @param environment in addition to {@code PATH}, {@code LANG}, {@code TZ}, {@code HOME} and {@code TMPDIR}; no secrets, the
 *     command runs its author's code
 * @param readable existing files and directories it may read
 * @param writable existing directories right below the build's own that it may write to; they are handed to the command's user
 *     and taken back when nothing of it runs any more
 */
record SandboxedCommand(
        Stage stage, List<String> command, Map<String, String> environment, List<Path> readable, List<Path> writable) {

    SandboxedCommand {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        readable = List.copyOf(readable);
        writable = List.copyOf(writable);
    }

    /** How it ended: with this status, and the limit it ran into, where that can be told. */
    record Outcome(int exit, Optional<String> limit) {
        boolean succeeded() {
            return exit == 0;
        }

        /** The reason of the failure, with the limit if there was one. */
        String reason(String words) {
            return limit.map(what -> (words + "\n" + what).strip()).orElse(words);
        }
    }
}
