package org.ocpu.app;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The ends of workers that did not answer, as their engine reports them, and whether it still brings any workers. Thread-safe;
 * remembers the newest few thousand.
 */
final class WorkerEnds {
    private static final int REMEMBERED = 4096;
    private static final int MOST_MISSED = 3;
    private static final WorkerEnd ENGINE_LOST = new WorkerEnd(false, true, 9);

    private final Map<Integer, CompletableFuture<WorkerEnd>> ends = new LinkedHashMap<>();
    private final Map<Integer, String> reasons = new HashMap<>();
    private boolean engineLost;
    private int missed;

    /** A process id returns after a while: the newest report is the one that counts. */
    synchronized void report(int pid, WorkerEnd reported) {
        String reason = reasons.remove(pid);
        WorkerEnd end = reason == null ? reported : reported.because(reason);
        CompletableFuture<WorkerEnd> awaited = ends.remove(pid);
        if (awaited != null && !awaited.isDone()) {
            awaited.complete(end);
        } else {
            remember(pid, CompletableFuture.completedFuture(end));
        }
    }

    /** Says why this server is about to end a worker. */
    synchronized void because(int pid, String reason) {
        reasons.put(pid, reason);
    }

    /** A request has met a worker. */
    synchronized void met() {
        missed = 0;
    }

    /** A request has waited for one in vain. */
    synchronized void missed() {
        missed++;
    }

    /** Whether none of the last requests has met a worker, as with an engine that is stopped. */
    synchronized boolean noneComes() {
        return missed >= MOST_MISSED;
    }

    /** No engine is left to report anything. */
    synchronized void engineLost() {
        engineLost = true;
        ends.values().forEach(end -> end.complete(ENGINE_LOST));
    }

    /** Waits for the report, which is at most moments behind the end of the connection. */
    WorkerEnd of(int pid) {
        try {
            return reported(pid).get(5, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return ENGINE_LOST;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ENGINE_LOST;
        }
    }

    private synchronized CompletableFuture<WorkerEnd> reported(int pid) {
        CompletableFuture<WorkerEnd> known = ends.remove(pid);
        if (known != null) {
            return known;
        }
        CompletableFuture<WorkerEnd> awaited = new CompletableFuture<>();
        if (engineLost) {
            awaited.complete(ENGINE_LOST);
        } else {
            remember(pid, awaited);
        }
        return awaited;
    }

    private void remember(int pid, CompletableFuture<WorkerEnd> end) {
        if (ends.size() >= REMEMBERED) {
            ends.remove(ends.keySet().iterator().next());
        }
        ends.put(pid, end);
    }
}
