package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WorkerEndsTest {
    private static final WorkerEnd CRASH = WorkerEnd.parse("exit 7 signal 11 -".split(" "));
    private static final WorkerEnd TIMEOUT = WorkerEnd.parse("exit 7 signal 9 timeout".split(" "));
    private static final TimeLimit LIMIT = new TimeLimit("timelimit.post", Duration.ofSeconds(5));

    @Test
    void aReportIsFoundWhetherItComesBeforeOrAfterTheWorkerIsMet() {
        WorkerEnds ends = new WorkerEnds();
        ends.report(7, CRASH);
        assertEquals(CRASH, ends.met(7).join());
        CompletableFuture<WorkerEnd> next = ends.met(7);
        assertFalse(next.isDone());
        ends.report(7, TIMEOUT);
        assertEquals(TIMEOUT, next.join());
    }

    @Test
    void ofTwoReportsOfOneProcessIdTheNewerCounts() {
        WorkerEnds ends = new WorkerEnds();
        ends.report(7, CRASH);
        ends.report(7, TIMEOUT);
        assertEquals(TIMEOUT, ends.met(7).join());
    }

    @Test
    void aReasonIsToldOfTheWorkerThatItWasGivenFor() {
        WorkerEnds ends = new WorkerEnds();
        CompletableFuture<WorkerEnd> first = ends.met(7);
        ends.because(7, "too large");
        ends.report(7, CRASH);
        assertEquals("too large", first.join().explain(LIMIT));
        ends.because(7, "too late");
        CompletableFuture<WorkerEnd> second = ends.met(7);
        ends.because(7, "given up");
        CompletableFuture<WorkerEnd> third = ends.met(7);
        assertTrue(second.isCompletedExceptionally());
        ends.report(7, CRASH);
        assertEquals(CRASH, third.join());
    }

    @Test
    void withTheEngineAllItsWorkersEnd() {
        WorkerEnds ends = new WorkerEnds();
        CompletableFuture<WorkerEnd> before = ends.met(7);
        ends.engineLost();
        assertTrue(before.isDone());
        assertTrue(ends.met(8).isDone());
    }

    @Test
    void anEngineThatThreeRequestsMissBringsNoWorkersAnyMore() {
        WorkerEnds ends = new WorkerEnds();
        ends.missed();
        ends.missed();
        assertFalse(ends.met(7).isDone());
        ends.missed();
        ends.missed();
        assertFalse(ends.noneComes());
        ends.missed();
        assertTrue(ends.noneComes());
    }

    @Test
    void theReasonNamesTheLimitTheSignalOrTheExitStatus() {
        assertTrue(TIMEOUT.explain(LIMIT).contains("timelimit.post = 5 s"));
        assertTrue(CRASH.explain(LIMIT).contains("signal 11 (segmentation fault)"));
        assertTrue(
                WorkerEnd.parse("exit 7 status 0 -".split(" ")).explain(LIMIT).contains("exit status 0"));
    }
}
