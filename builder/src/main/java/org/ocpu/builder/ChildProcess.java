package org.ocpu.builder;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command, started by {@link #call}, which returns when it has ended and nothing of it is left: at its own end, at the
 * deadline, when its guard ends it, or when the server closes. Its output comes line by line from another thread, which has
 * ended by then, too.
 */
final class ChildProcess {
    private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);
    private static final int LONGEST_LINE = 4_000;
    private static final long DRAIN_SECONDS = 2;
    private static final long LOOK_MILLIS = 250;

    private final ProcessBuilder command;
    private final Deadline deadline;
    private final StopSignal stop;
    private final Consumer<String> lines;
    private final Guard guard;

    /** Watches over a command while it runs. */
    interface Guard {
        /** A guard that lets everything pass and leaves nothing behind. */
        Guard NONE = new Guard() {
            @Override
            public void look() {}

            @Override
            public void sweep() {}
        };

        /**
         * Called every now and then while the command runs.
         *
         * @throws BuildFailure when it must end
         */
        void look();

        /** Ends what the command has left, after it has ended in whatever way. */
        void sweep();
    }

    ChildProcess(ProcessBuilder command, Deadline deadline, StopSignal stop, Consumer<String> lines) {
        this(command, deadline, stop, lines, Guard.NONE);
    }

    ChildProcess(ProcessBuilder command, Deadline deadline, StopSignal stop, Consumer<String> lines, Guard guard) {
        this.command = command.redirectErrorStream(true);
        this.deadline = deadline;
        this.stop = stop;
        this.lines = lines;
        this.guard = guard;
    }

    /**
     * @return the exit status; 128 and the signal's number when a signal ended it
     * @throws BuildFailure when it ran past the deadline, or its guard says so
     * @throws BuildStopped when the server closes
     */
    int call() throws IOException {
        Process process = command.start();
        process.getOutputStream().close();
        Thread reader = new Thread(() -> read(process), "output-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        StopSignal.Registration kill = stop.onStop(() -> kill(process));
        try {
            boolean ended = await(process);
            stop.check();
            if (!ended) {
                throw deadline.failure();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildStopped();
        } finally {
            end(process, reader);
            kill.cancel();
        }
    }

    private boolean await(Process process) throws InterruptedException {
        while (!process.waitFor(Math.min(LOOK_MILLIS, deadline.remaining().toMillis()), TimeUnit.MILLISECONDS)) {
            if (deadline.passed()) {
                return false;
            }
            guard.look();
        }
        return true;
    }

    /** Ends what is left of it, in the background too, and has its last output. */
    private void end(Process process, Thread reader) {
        boolean interrupted = Thread.interrupted(); // the reaping must be done in any case
        kill(process);
        guard.sweep();
        try {
            reader.join(TimeUnit.SECONDS.toMillis(DRAIN_SECONDS));
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(Process process) {
        try (Reader reader = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            LineBreaker breaker = new LineBreaker(lines, LONGEST_LINE);
            char[] chunk = new char[8_192];
            for (int length = reader.read(chunk); length >= 0; length = reader.read(chunk)) {
                breaker.take(chunk, length);
            }
            breaker.end();
        } catch (IOException e) {
            log.debug("output of process {} ended", process.pid(), e);
        }
    }

    /** Ends its group, which the command leads, and whatever has left the group but is still below it. */
    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            new ProcessBuilder("sh", "-c", "kill -KILL -- -" + process.pid() + " 2>/dev/null")
                    .start()
                    .waitFor(1, TimeUnit.SECONDS);
        } catch (IOException e) {
            log.warn("the group of process {} may still run", process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
