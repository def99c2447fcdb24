package org.ocpu.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The ends of workers that did not answer, as their engines report them. Thread-safe; remembers the newest few thousand. */
final class WorkerEnds {
    private static final int REMEMBERED = 4096;
    private static final WorkerEnd ENGINE_LOST = new WorkerEnd(false, true, 9);

    private final Map<Integer, CompletableFuture<WorkerEnd>> ends = new LinkedHashMap<>();
    private boolean engineLost;

    void report(int pid, WorkerEnd end) {
        future(pid).complete(end);
    }

    /** No engine is left to report anything. */
    synchronized void engineLost() {
        engineLost = true;
        ends.values().forEach(end -> end.complete(ENGINE_LOST));
    }

    /** Waits for the report, which is at most moments behind the end of the connection. */
    WorkerEnd of(int pid) {
        try {
            return future(pid).get(5, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return ENGINE_LOST;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ENGINE_LOST;
        }
    }

    private synchronized CompletableFuture<WorkerEnd> future(int pid) {
        if (ends.size() >= REMEMBERED) {
            ends.remove(ends.keySet().iterator().next());
        }
        // A process id returns after a while: the newest report is the one that counts.
        CompletableFuture<WorkerEnd> known = ends.get(pid);
        if (known != null) {
            ends.remove(pid);
            return known;
        }
        CompletableFuture<WorkerEnd> end = new CompletableFuture<>();
        if (engineLost) {
            end.complete(ENGINE_LOST);
        }
        ends.put(pid, end);
        return end;
    }
}
