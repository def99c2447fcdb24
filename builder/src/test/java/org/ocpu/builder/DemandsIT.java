package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of packages that requests ask for, when many ask and when things go wrong. */
class DemandsIT extends SyncFixture {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final ExecutorService crowd = Executors.newCachedThreadPool();

    @AfterEach
    void dismiss() {
        crowd.shutdown();
    }

    private void openOnDemand() throws Exception {
        reopen(Map.of("repos", cran.url().toString(), "cran.ondemand", "true"));
        assertEquals(Demand.Kind.UNKNOWN, demand("nosuch", LONG).kind(), "it knows what there is");
    }

    private Demand demand(String name, Duration patience) throws InterruptedException {
        return builds.syncs().demand("cran", name, patience);
    }

    private Demand ask(String name) throws InterruptedException {
        return demand(name, Duration.ZERO);
    }

    private List<Demand> atOnce(List<String> names) throws Exception {
        List<Callable<Demand>> tasks = new ArrayList<>();
        names.forEach(name -> tasks.add(() -> ask(name)));
        List<Demand> answers = new ArrayList<>();
        for (Future<Demand> one : crowd.invokeAll(tasks)) {
            answers.add(one.get());
        }
        return answers;
    }

    private List<SyncRunView> runs() {
        return builds.syncs().runs(SyncRunView.ON_DEMAND, OptionalLong.empty(), 100);
    }

    /** An index with packages whose files nobody has. */
    private void offerNames(List<String> names) throws IOException {
        String index =
                names.stream().map("Package: %s\nVersion: 1.0\n"::formatted).collect(Collectors.joining("\n"));
        Files.write(cran.file(INDEX), FileServer.gzip(index));
    }

    @Test
    void aHundredRequestsForAsManyPackagesHaveOnlyAFewWait() throws Exception {
        List<String> names =
                IntStream.rangeClosed(1, 100).mapToObj(n -> "package" + n).toList();
        offerNames(names);
        openOnDemand();
        cran.web().trouble(INDEX, FileServer.Trouble.silence());
        List<Demand> answers = atOnce(names);
        Map<Demand.Kind, Long> kinds =
                answers.stream().collect(Collectors.groupingBy(Demand::kind, Collectors.counting()));
        assertEquals(Map.of(Demand.Kind.PENDING, 16L, Demand.Kind.BUSY, 84L), kinds);
        assertEquals(16, runs().size());
        assertEquals(answers.stream().flatMap(one -> one.run().stream()).collect(Collectors.toSet()), runIds());
    }

    private Set<Long> runIds() {
        return runs().stream().map(SyncRunView::id).collect(Collectors.toSet());
    }

    @Test
    void aHundredRequestsForOnePackageStartOneRun() throws Exception {
        offer("1.0", 42, "one");
        openOnDemand();
        List<Demand> answers = atOnce(Collections.nCopies(100, "one"));
        assertEquals(1, runIds().size(), answers::toString);
        assertEquals(Demand.Kind.INSTALLED, demand("one", LONG).kind());
        assertEquals("42", answers("one"));
    }

    @Test
    void whatTheRunLeavesOutIsNotTriedForEachRequest() throws Exception {
        offerNames(List.of("stats"));
        openOnDemand();
        Demand failed = demand("stats", LONG);
        assertEquals(Demand.Kind.FAILED, failed.kind(), failed::toString);
        assertTrue(failed.message().contains("stats is part of R"), failed::message);
        assertEquals(failed.run(), ask("stats").run());
        assertEquals(1, runs().size());
    }

    @Test
    void whoWaitsIsToldThatTheServerCloses() throws Exception {
        offer("1.0", 42, "one");
        openOnDemand();
        cran.web().trouble(CranServer.path("one", "1.0"), FileServer.Trouble.silence());
        Future<Demand> waiting = crowd.submit(() -> demand("one", LONG));
        cran.web().awaitStall();
        SyncService syncs = builds.syncs();
        builds.close();
        Demand told = waiting.get(30, TimeUnit.SECONDS);
        assertEquals(Demand.busy("The server is shutting down."), told);
        assertEquals(told, syncs.demand("cran", "one", LONG));
        builds = BuildService.open(config(Map.of()), data(), new Rscript(), outbox);
    }

    @Test
    void whatTheAdminCancelledIsNotBegunAgain() throws Exception {
        offer("1.0", 42, "one", "two");
        openOnDemand();
        String file = CranServer.path("one", "1.0");
        cran.web().trouble(file, FileServer.Trouble.silence());
        long first = ask("one").run().orElseThrow();
        cran.web().awaitStall();
        long second = ask("two").run().orElseThrow();
        builds.syncs().cancel(second);
        Demand two = ask("two"); // its turn has not come yet
        builds.syncs().cancel(first);
        Demand one = demand("one", LONG);
        ended(first);
        ended(second);
        cran.web().noTrouble(file);

        for (Demand cancelled : List.of(one, two, ask("one"), ask("two"))) {
            assertEquals(Demand.Kind.FAILED, cancelled.kind(), cancelled::toString);
            assertTrue(cancelled.message().endsWith("could not be installed: the admin cancelled its run"));
            assertTrue(cancelled.retryAfter().orElseThrow().compareTo(Duration.ofMinutes(9)) > 0);
        }
        assertEquals(Set.of(first, second), runIds());
        assertEquals(Map.of(), live());
    }
}
