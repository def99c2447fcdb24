package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkerEndsTest {
    private static final WorkerEnd CRASH = WorkerEnd.parse("exit 7 signal 11 -".split(" "));
    private static final WorkerEnd TIMEOUT = WorkerEnd.parse("exit 7 signal 9 timeout".split(" "));
    private static final TimeLimit LIMIT = new TimeLimit("timelimit.post", Duration.ofSeconds(5));

    @Test
    void aReportIsFoundWhetherItComesBeforeOrAfterTheQuestion() throws Exception {
        WorkerEnds ends = new WorkerEnds();
        ends.report(7, CRASH);
        assertEquals(CRASH, ends.of(7));
        CompletableFuture<WorkerEnd> asked = CompletableFuture.supplyAsync(() -> ends.of(7));
        ends.report(7, TIMEOUT);
        assertEquals(TIMEOUT, asked.get(5, TimeUnit.SECONDS));
    }

    @Test
    void ofTwoReportsOfOneProcessIdTheNewerCounts() {
        WorkerEnds ends = new WorkerEnds();
        ends.report(7, CRASH);
        ends.report(7, TIMEOUT);
        assertEquals(TIMEOUT, ends.of(7));
    }

    @Test
    void anEngineThatThreeRequestsMissBringsNoWorkersAnyMore() {
        WorkerEnds ends = new WorkerEnds();
        ends.missed();
        ends.missed();
        ends.met();
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
