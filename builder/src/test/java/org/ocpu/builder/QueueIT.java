package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Builds that wait, come too late, are cancelled or run again. */
class QueueIT extends BuildFixture {
    private static final String SLOW = "Sys.sleep(60)\nanswer <- function() 1\n";

    @Test
    void pushesThatArriveMeanwhileCoalesceToTheNewest() throws Exception {
        String first = github.commit(APP, RPackage.with("stocks", "1.0", "Sys.sleep(3)\nanswer <- function() 1\n"));
        String second = github.commit(APP, RPackage.answering("stocks", "2.0", "2"));
        String third = github.commit(APP, RPackage.answering("stocks", "3.0", "3"));
        WebhookAnswer running = builds.receive(push("", first));
        awaitLine(running, "* installing");
        WebhookAnswer skipped = builds.receive(push(first, second));
        WebhookAnswer newest = builds.receive(push(second, third));

        BuildView superseded = finished(skipped);
        assertEquals(State.SUPERSEDED, superseded.state(), superseded::toString);
        assertEquals(newest.build(), superseded.supersededBy());
        assertEquals(State.SUCCEEDED, finished(running).state());
        assertEquals(State.SUCCEEDED, finished(newest).state());
        assertEquals("3", answer());
        String log = Files.readString(builds.log(superseded.id()).orElseThrow());
        assertTrue(log.contains("superseded by #" + newest.build().getAsLong()), log);
    }

    @Test
    void aLateDeliveryDoesNotUndoANewerPush() throws Exception {
        String older = github.commit(APP, RPackage.answering("stocks", "1.0", "1"));
        String newer = github.commit(APP, RPackage.answering("stocks", "2.0", "2"));
        BuildView live = finished(builds.receive(Deliveries.push(APP, newer)));
        BuildView late = finished(builds.receive(Deliveries.push(APP, older)));
        assertEquals(State.SUPERSEDED, late.state(), late::toString);
        assertEquals(OptionalLong.of(live.id()), late.supersededBy());
        assertEquals("2", answer());
    }

    @Test
    void aRunningBuildCanBeCancelled() throws Exception {
        assertEquals(
                State.SUCCEEDED, push(RPackage.answering("stocks", "1.0", "1")).state());
        mail();
        int mails = smtp.getReceivedMessages().length;
        WebhookAnswer slow =
                builds.receive(Deliveries.push(APP, github.commit(APP, RPackage.with("stocks", "2.0", SLOW))));
        awaitLine(slow, "* installing");
        builds.cancel(slow.build().orElseThrow());
        BuildView cancelled = finished(slow);
        assertEquals(State.CANCELLED, cancelled.state(), cancelled::toString);
        assertTrue(Files.readString(builds.log(cancelled.id()).orElseThrow()).contains("cancelled"));
        assertEquals("1", answer());
        assertEquals(0, processes("builds/" + cancelled.id()));
        assertEquals(List.of(), Disk.list(data().resolve("work/builds")));
        assertThrows(ConflictException.class, () -> builds.cancel(cancelled.id()));
        assertEquals(mails, smtp.getReceivedMessages().length, "nobody is mailed about it");
    }

    @Test
    void aWaitingBuildCanBeCancelled() throws Exception {
        reopen(Map.of("builds.parallel", "1"));
        WebhookAnswer slow =
                builds.receive(Deliveries.push(APP, github.commit(APP, RPackage.with("stocks", "1.0", SLOW))));
        awaitLine(slow, "* installing");
        AppName bob = new AppName("bob", "stocks");
        WebhookAnswer waiting =
                builds.receive(Deliveries.push(bob, github.commit(bob, RPackage.answering("stocks", "1.0", "2"))));
        assertEquals(
                State.CANCELLED, builds.cancel(waiting.build().orElseThrow()).state());
        assertEquals(State.CANCELLED, finished(waiting).state());
        builds.cancel(slow.build().orElseThrow());
        finished(slow);
        assertThrows(UnknownNameException.class, () -> builds.cancel(4711));
    }

    @Test
    void aBuildCanRunAgain() throws Exception {
        BuildView first = push(RPackage.answering("stocks", "1.0", "1"));
        BuildView second = push(RPackage.answering("stocks", "2.0", "2"));
        BuildView again = builds.finished(builds.rebuild(first.id()).id()).get();
        assertTrue(again.id() > second.id());
        assertEquals(State.SUCCEEDED, again.state(), again::toString);
        assertEquals(first.commit(), again.commit());
        assertEquals("1", answer(), "whoever asks for an old commit gets it");
        assertThrows(UnknownNameException.class, () -> builds.rebuild(4711));
    }

    @Test
    void manyPushesToManyAppsInAnyOrderEndWithTheNewestOfEach() throws Exception {
        int apps = 20;
        int pushes = 10;
        Map<AppName, String> newest = new LinkedHashMap<>();
        List<Delivery> deliveries = new ArrayList<>();
        for (int app = 0; app < apps; app++) {
            AppName name = new AppName("owner" + app % 5, "app" + app);
            String before = "";
            for (int push = 1; push <= pushes; push++) {
                String commit = github.commit(name, RPackage.answering("stocks", "1." + push, "" + push));
                deliveries.add(push(name, before, commit));
                before = commit;
            }
            newest.put(name, before);
        }
        long seed = new Random().nextLong();
        Collections.shuffle(deliveries, new Random(seed));
        ExecutorService senders = Executors.newFixedThreadPool(8);
        List<Future<WebhookAnswer>> answers = deliveries.stream()
                .map(delivery -> senders.submit(() -> builds.receive(delivery)))
                .toList();
        for (Future<WebhookAnswer> answer : answers) {
            BuildView build = finished(answer.get());
            assertTrue(
                    Set.of(State.SUCCEEDED, State.SUPERSEDED).contains(build.state()),
                    () -> build + " with the seed " + seed);
        }
        senders.shutdown();
        for (Map.Entry<AppName, String> app : newest.entrySet()) {
            String about =
                    Files.readString(app.getKey().under(data().resolve("apps")).resolve("current/app.json"));
            assertTrue(
                    about.contains(app.getValue()),
                    () -> app + " is not live, but " + about + " with the seed " + seed);
        }
        Map<State, Long> ends = builds.builds(BuildQuery.newest(1000)).stream()
                .collect(Collectors.groupingBy(BuildView::state, Collectors.counting()));
        assertFalse(ends.getOrDefault(State.SUPERSEDED, 0L) == 0, ends::toString);
    }

    private static Delivery push(String before, String commit) {
        return push(APP, before, commit);
    }

    private static Delivery push(AppName app, String before, String commit) {
        return Deliveries.signed(
                Deliveries.payload(app, commit).put("before", before.isEmpty() ? "0".repeat(40) : before));
    }
}
