package org.ocpu.app;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The ends of an engine's workers, as it reports them, and whether it still brings any workers. Thread-safe. */
final class WorkerEnds {
    /** Of those that ended before their requests had met them. */
    private static final int REMEMBERED = 256;

    private static final int MOST_MISSED = 3;

    private final Map<Integer, CompletableFuture<WorkerEnd>> awaited = new HashMap<>();
    private final Map<Integer, WorkerEnd> early = new LinkedHashMap<>();
    private final Map<Integer, String> reasons = new HashMap<>();
    private boolean engineLost;
    private int missed;

    /** The engine says that a worker has ended, which is the end of all that it had started. */
    synchronized void report(int pid, WorkerEnd reported) {
        String reason = reasons.remove(pid);
        WorkerEnd end = reason == null ? reported : reported.because(reason);
        CompletableFuture<WorkerEnd> waiting = awaited.remove(pid);
        if (waiting != null) {
            waiting.complete(end);
            return;
        }
        if (early.size() >= REMEMBERED) {
            early.remove(early.keySet().iterator().next());
        }
        early.put(pid, end);
    }

    /** Says why this server is about to end a worker. */
    synchronized void because(int pid, String reason) {
        if (awaited.containsKey(pid)) {
            reasons.put(pid, reason);
        }
    }

    /** A request has met that worker, whose end is told by what is returned. A process id returns after a while. */
    synchronized CompletableFuture<WorkerEnd> met(int pid) {
        missed = 0;
        giveUp(pid);
        WorkerEnd known = engineLost ? WorkerEnd.UNKNOWN : early.remove(pid);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<WorkerEnd> end = new CompletableFuture<>();
        awaited.put(pid, end);
        return end;
    }

    /** Has whoever waits for the end of that worker know that it is not told. */
    synchronized void giveUp(int pid) {
        reasons.remove(pid);
        CompletableFuture<WorkerEnd> waiting = awaited.remove(pid);
        if (waiting != null) {
            waiting.completeExceptionally(new EngineException("An R engine does not tell that its worker has ended."));
        }
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
        awaited.values().forEach(end -> end.complete(WorkerEnd.UNKNOWN));
        awaited.clear();
    }
}
