package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the commands of a build run in. Either way they have a session of their own, so that a Ctrl-C meant for the server
 * does not reach them, and die with the thread that started them.
 */
enum Sandbox {
    /**
     * Bubblewrap: the system read-only, {@code /tmp} and the data directory empty but for the build's own directory, own
     * process numbers, no capabilities. The kernel ends everything in it with its first process.
     */
    BUBBLEWRAP {
        @Override
        List<String> wrap(Path data, Path work, List<String> command) {
            List<String> all = new ArrayList<>(List.of("setsid", "bwrap", "--die-with-parent", "--unshare-pid"));
            all.addAll(List.of("--unshare-ipc", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev"));
            all.addAll(List.of("--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp"));
            all.addAll(List.of("--tmpfs", data.toString(), "--bind", work.toString(), work.toString()));
            all.addAll(List.of("--chdir", work.toString(), "--"));
            all.addAll(command);
            return all;
        }
    },

    /** A process group without a sandbox, ended as a whole when the server is. */
    PROCESS_GROUP {
        @Override
        List<String> wrap(Path data, Path work, List<String> command) {
            List<String> all = new ArrayList<>(List.of("setsid", "setpriv", "--pdeathsig", "TERM", "sh", "-c"));
            all.addAll(List.of("trap 'kill -KILL 0' TERM; \"$@\" & wait $!", "sh"));
            all.addAll(command);
            return all;
        }
    };

    private static final Logger log = LoggerFactory.getLogger(Sandbox.class);

    /** The command that runs this one inside. */
    abstract List<String> wrap(Path data, Path work, List<String> command);

    /** Bubblewrap where it works here. */
    static Sandbox detect(Path data, Path work) {
        if (works(BUBBLEWRAP.wrap(data, work, List.of("true")))) {
            log.info("builds run in bubblewrap");
            return BUBBLEWRAP;
        }
        log.warn("bubblewrap does not work here: builds run WITHOUT A SANDBOX and can read all that the server can");
        return PROCESS_GROUP;
    }

    private static boolean works(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(10, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
