package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdmissionTest {
    private static final TimeLimit LONG = new TimeLimit("timelimit.post", Duration.ofMinutes(1));

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // clocks may overflow
    private final BlockingQueue<Request> admitted = new LinkedBlockingQueue<>();
    private final List<Request> requests = new ArrayList<>();
    private Admission admission;

    @AfterEach
    void end() throws InterruptedException {
        admission.close();
        for (Request request : requests) {
            request.join();
        }
    }

    private void admit(int places, int placesOfOne, int queue) {
        admission = new Admission(places, placesOfOne, queue, now::get);
    }

    /** A request on a thread of its own. */
    private final class Request extends Thread {
        private final String client;
        private volatile Admission.Place place;
        private volatile OverloadedException refused;

        Request(String client) {
            this.client = client;
            requests.add(this);
        }

        @Override
        public void run() {
            try {
                place = admission.enter(new Client(client), LONG);
                admitted.add(this);
            } catch (OverloadedException e) {
                refused = e;
            }
        }

        OverloadedException refusal() throws InterruptedException {
            join();
            return refused;
        }
    }

    /** One that runs at once. */
    private Request running(String client) throws InterruptedException {
        Request request = new Request(client);
        request.start();
        assertEquals(request, nextAdmitted(), client + " should run at once");
        return request;
    }

    /** One that waits by the time this returns. */
    private Request waiting(String client) {
        Request request = new Request(client);
        request.start();
        while (request.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(request.isAlive(), client + " should wait");
            Thread.onSpinWait();
        }
        return request;
    }

    private Request nextAdmitted() throws InterruptedException {
        Request next = admitted.poll(30, TimeUnit.SECONDS);
        assertTrue(next != null, "no request was admitted");
        return next;
    }

    private OverloadedException refused(String client) {
        return assertThrows(OverloadedException.class, () -> admission.enter(new Client(client), LONG));
    }

    @Test
    void asManyRunAsThereArePlacesAndTheNextOneWaitsForAPlace() throws InterruptedException {
        admit(2, 2, 1);
        Request first = running("a");
        running("b");
        Request third = waiting("c");
        first.place.close();
        assertEquals(third, nextAdmitted());
    }

    @Test
    void whatRunsAndWaitsIsToldAndSoIsTheMostThatDid() throws InterruptedException {
        admit(1, 1, 5);
        Request first = running("a");
        Request second = waiting("b");
        assertEquals(new WorkerLoad(1, 1, 1, 5, 2), admission.load());
        first.place.close();
        assertEquals(second, nextAdmitted());
        second.place.close();
        assertEquals(new WorkerLoad(0, 1, 0, 5, 0), admission.load());
        assertEquals(new WorkerLoad(1, 1, 1, 5, 0), admission.takePeak());
        assertEquals(new WorkerLoad(0, 1, 0, 5, 0), admission.takePeak());
    }

    @Test
    void aPlaceIsGivenBackOnce() throws InterruptedException {
        admit(1, 1, 2);
        Request first = running("a");
        Request second = waiting("b");
        waiting("c");
        first.place.close();
        first.place.close();
        assertEquals(second, nextAdmitted());
        assertTrue(admitted.isEmpty(), "two run in one place");
    }

    @Test
    void aFullQueueRefusesAtOnceAndNamesTheSettings() throws InterruptedException {
        admit(1, 1, 1);
        running("a");
        waiting("b");
        String message = refused("c").getMessage();
        assertTrue(message.contains("workers.max = 1") && message.contains("workers.queue = 1"), message);
    }

    @Test
    void withoutAQueueTheNextOneIsRefused() throws InterruptedException {
        admit(1, 1, 0);
        Request first = running("a");
        refused("b");
        first.place.close();
        running("b");
    }

    @Test
    void placesGoToTheClientOfWhichTheFewestRun() throws InterruptedException {
        admit(3, 3, 10);
        List<Request> flood = List.of(running("flood"), running("flood"), running("flood"));
        Request more = waiting("flood");
        Request other = waiting("other");
        flood.get(0).place.close();
        assertEquals(other, nextAdmitted());
        flood.get(1).place.close();
        assertEquals(more, nextAdmitted());
    }

    @Test
    void waitingClientsHaveTheirTurnsRoundRobin() throws InterruptedException {
        admit(1, 1, 10);
        Request current = running("x");
        for (String client : List.of("a", "a", "a", "b", "b", "c")) {
            waiting(client);
        }
        List<String> order = new ArrayList<>();
        for (int turn = 0; turn < 6; turn++) {
            current.place.close();
            current = nextAdmitted();
            order.add(current.client);
        }
        assertEquals(List.of("a", "b", "c", "a", "b", "a"), order);
    }

    @Test
    void oneClientLeavesPlacesToOthers() throws InterruptedException {
        admit(3, 2, 10);
        Request first = running("flood");
        running("flood");
        Request third = waiting("flood");
        running("other");
        first.place.close();
        assertEquals(third, nextAdmitted());
    }

    @Test
    void aFullQueueOfOneClientMakesRoomForOthers() throws InterruptedException {
        admit(1, 1, 3);
        running("flood");
        Request older = waiting("flood");
        Request old = waiting("flood");
        Request newest = waiting("flood");
        waiting("other");
        assertTrue(newest.refusal() != null, "the newest of the flood gives way");
        waiting("third");
        assertTrue(old.refusal() != null, "and the one before it");
        refused("flood");
        assertTrue(older.isAlive(), "but the flood keeps its share");
    }

    @Test
    void clientsThatHaveAlikeDoNotDriveEachOtherOut() throws InterruptedException {
        admit(1, 1, 2);
        running("a");
        Request b = waiting("b");
        Request c = waiting("c");
        refused("d");
        refused("a");
        assertTrue(b.isAlive() && c.isAlive());
    }

    @Test
    void whatTheServerAsksWaitsBesideAFullQueue() throws InterruptedException {
        admit(1, 1, 1);
        Request first = running("a");
        Request second = waiting("b");
        Request build = waiting(Client.SERVER.name());
        refused("c");
        first.place.close();
        assertEquals(second, nextAdmitted());
        second.place.close();
        assertEquals(build, nextAdmitted());
    }

    @Test
    void whoeverWaitedTooLongIsToldTheLimitAndLeavesTheQueue() throws InterruptedException {
        admit(1, 1, 1);
        Request first = running("a");
        TimeLimit limit = new TimeLimit("timelimit.get", Duration.ofMillis(1));
        String message = assertThrows(OverloadedException.class, () -> admission.enter(new Client("b"), limit))
                .getMessage();
        assertTrue(message.contains("timelimit.get"), message);
        Request third = waiting("c");
        first.place.close();
        assertEquals(third, nextAdmitted());
    }

    @Test
    void anInterruptedRequestLeavesTheQueue() throws InterruptedException {
        admit(1, 1, 1);
        Request first = running("a");
        Request second = waiting("b");
        second.interrupt();
        assertTrue(second.refusal() != null);
        Request third = waiting("c");
        first.place.close();
        assertEquals(third, nextAdmitted());
    }

    @Test
    void closingRefusesWhoWaitsAndWhoComesButNotWhoRuns() throws InterruptedException {
        admit(1, 1, 5);
        Request first = running("a");
        Request second = waiting("b");
        admission.close();
        assertEquals("The server is shutting down.", second.refusal().getMessage());
        assertEquals("The server is shutting down.", refused("c").getMessage());
        first.place.close();
        assertTrue(admitted.isEmpty());
    }

    @Test
    void whoIsRefusedIsToldWhenThereMayBeRoom() throws InterruptedException {
        admit(2, 2, 2);
        assertEquals(Duration.ofSeconds(1), pauseWhenFull(0), "never less than a second");
        assertEquals(Duration.ofSeconds(15), pauseWhenFull(10), "two wait for two places that are held for 10 s");
        assertEquals(Duration.ofSeconds(60), pauseWhenFull(1000), "never more than a minute");
    }

    /** With two that have been running for some time, and two that wait. */
    private Duration pauseWhenFull(long seconds) throws InterruptedException {
        List<Request> run = List.of(running("a"), running("b"));
        List<Request> wait = List.of(waiting("c"), waiting("d"));
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        Duration pause = refused("e").retryAfter();
        run.forEach(request -> request.place.close());
        for (int i = 0; i < wait.size(); i++) {
            nextAdmitted().place.close();
        }
        assertFalse(wait.get(0).place == null || wait.get(1).place == null);
        return pause;
    }
}
