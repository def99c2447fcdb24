package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceptionTest extends QueueFixture {
    private static final AppName APP = new AppName("Alice", "Stocks");

    private final List<String> heard = new ArrayList<>();
    private Reception reception;

    @BeforeEach
    void open() {
        GitHubWebhook webhook =
                new GitHubWebhook(BuilderConfig.from(Map.of("webhook.secret", Deliveries.SECRET, "previews", "true")));
        BuildLogs logs = new BuildLogs(root, Runs.RULES);
        BuildRecords records = new BuildRecords(
                store,
                logs,
                null,
                null,
                build -> heard.add(build.supersededBy().stream()
                        .mapToObj(newer -> "#%d superseded by #%d".formatted(build.id(), newer))
                        .findFirst()
                        .orElseThrow()));
        reception = new Reception(
                webhook,
                records,
                deliveries,
                () -> false,
                build -> heard.add("added #" + build.id()),
                preview -> heard.add("closed " + preview));
    }

    @Test
    void theSameDeliveryAgainLeadsToTheSameBuild() {
        WebhookAnswer first = reception.receive(delivery("d-1", 'a'));
        WebhookAnswer again = reception.receive(delivery("D-1", 'a'));
        assertEquals(202, again.status());
        assertEquals(first.build(), again.build());
        assertTrue(again.message().contains("this delivery came before"), again.message());
        assertEquals(List.of("added #1"), heard);
        DeliveryView kept = deliveries.newest(10).get(0);
        assertEquals(
                "d-1 push Alice/Stocks 202 1",
                "%s %s %s %d %d"
                        .formatted(
                                kept.id(),
                                kept.event(),
                                kept.repository(),
                                kept.status(),
                                kept.builds().get(0)));
    }

    @Test
    void aRedeliveryOfAFailedOrCancelledBuildBuildsAgain() {
        long first = built(delivery("d-1", 'a'));
        end(store.build(first).orElseThrow(), State.FAILED);
        long second = built(delivery("d-1", 'a'));
        assertTrue(second > first);
        assertEquals(second, built(delivery("d-1", 'a')), "the redelivery came again");
        store.cancelQueued(second);
        assertTrue(built(delivery("d-1", 'a')) > second);
    }

    @Test
    void theSameCommitByAnotherDeliveryIsNotBuiltTwice() {
        long first = built(delivery("d-1", 'a'));
        assertEquals(first, built(delivery("d-2", 'a')), "it waits");
        store.begin(first);
        assertEquals(first, built(delivery("d-3", 'a')), "it runs");
        store.finish(first, State.SUCCEEDED);
        assertEquals(first, built(delivery("d-4", 'a')), "it is live");
        long other = built(delivery("d-5", 'b'));
        end(store.build(other).orElseThrow(), State.SUCCEEDED);
        assertTrue(built(delivery("d-6", 'a')) > other, "the branch was put back");
    }

    @Test
    void ofWaitingPushesOnlyTheNewestIsBuilt() {
        long first = built(chained("d-1", '0', 'a'));
        long second = built(chained("d-2", 'a', 'b'));
        assertEquals(State.SUPERSEDED, state(first));
        assertEquals(second, store.build(first).orElseThrow().supersededBy().orElseThrow());
        assertEquals(State.QUEUED, state(second));
        assertEquals(List.of("added #1", "added #2", "#1 superseded by #2"), heard);
    }

    @Test
    void aLateDeliveryIsSupersededByTheNewerThatCameFirst() {
        long newer = built(chained("d-2", 'a', 'b'));
        long older = built(chained("d-1", '0', 'a'));
        assertEquals(State.SUPERSEDED, state(older));
        assertEquals(State.QUEUED, state(newer));
    }

    @Test
    void pushesWhoseOrderIsNotKnownBothStayForGitToDecide() {
        long one = built(delivery("d-1", 'a'));
        long other = built(delivery("d-2", 'b'));
        assertEquals(State.QUEUED, state(one));
        assertEquals(State.QUEUED, state(other));
    }

    @Test
    void severalPackagesOfARepositoryAreSeveralBuilds() {
        WebhookAnswer answer =
                reception.receive(Deliveries.asking(delivery("d-1", 'a'), Map.of("subdir", "one,r/two")));
        assertEquals(List.of(1L, 2L), answer.body().get("builds"));
        assertEquals("Alice/Stocks/two", store.build(2).orElseThrow().app().toString());
        assertEquals("r/two", store.build(2).orElseThrow().push().directory());
    }

    @Test
    void aRedeliveryBuildsOnlyThosePackagesAgainThatFailed() {
        Delivery delivery = Deliveries.asking(delivery("d-1", 'a'), Map.of("subdir", "one,two"));
        reception.receive(delivery);
        end(store.build(1).orElseThrow(), State.SUCCEEDED);
        assertEquals(List.of(1L, 2L), reception.receive(delivery).body().get("builds"));
        end(store.build(2).orElseThrow(), State.FAILED);
        WebhookAnswer again = reception.receive(delivery);
        assertEquals(List.of(1L, 3L), again.body().get("builds"));
        assertEquals(List.of(3L), again.body().get("added"));
    }

    @Test
    void whatIsLiveIsNotBuiltAgainAfterALateDelivery() {
        long live = built(delivery("d-1", 'b'));
        end(store.build(live).orElseThrow(), State.SUCCEEDED);
        long late = built(delivery("d-2", 'a'));
        store.supersedeQueued(late, live);
        assertEquals(live, built(delivery("d-3", 'b')));
    }

    @Test
    void closedPreviewsAreTakenDown() {
        WebhookAnswer answer = reception.receive(Deliveries.changed(
                payload -> payload.put("ref", "refs/heads/fix").put("after", "0".repeat(40))));
        assertEquals(200, answer.status());
        assertEquals(List.of("closed Alice/Stocks@fix"), heard);
    }

    @Test
    void whatIsNotSignedIsNotRemembered() {
        Delivery forged = Deliveries.saying(delivery("d-1", 'a'), "x-hub-signature-256", "sha256=00");
        assertEquals(401, reception.receive(forged).status());
        assertEquals(List.of(), deliveries.newest(10));
        assertEquals(1, built(delivery("d-1", 'a')));
    }

    @Test
    void anIdThatIsNoneDoesNotMatter() {
        assertEquals(1, built(delivery("../../etc\u0007", 'a')));
        assertEquals(List.of(), deliveries.newest(10));
    }

    @Test
    void anIgnoredDeliveryIsRememberedWithItsReason() {
        reception.receive(Deliveries.saying(
                Deliveries.changed(payload -> payload.put("ref", "refs/tags/x")), "x-github-delivery", "d-9"));
        assertEquals(
                "ignored: refs/tags/x is not a branch",
                deliveries.newest(1).get(0).message());
    }

    private long built(Delivery delivery) {
        WebhookAnswer answer = reception.receive(delivery);
        assertEquals(202, answer.status(), answer::toString);
        return answer.build().orElseThrow();
    }

    private static Delivery delivery(String id, char commit) {
        return Deliveries.saying(Deliveries.push(APP, String.valueOf(commit).repeat(40)), "x-github-delivery", id);
    }

    private static Delivery chained(String id, char before, char commit) {
        return Deliveries.saying(
                Deliveries.changed(
                        payload -> payload.put("before", String.valueOf(before).repeat(40))
                                .put("after", String.valueOf(commit).repeat(40))),
                "x-github-delivery",
                id);
    }
}
