package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ocpu.webapp.EventQueue.Event;

class EventQueueTest {
    private static Event line(int number) {
        return new Event("line", Map.of("text", "line " + number));
    }

    @Test
    void eventsComeInTheirOrder() throws InterruptedException {
        EventQueue queue = new EventQueue(3);
        queue.put(line(1));
        queue.put(line(2));
        assertEquals(Optional.of(line(1)), queue.take(0));
        assertEquals(Optional.of(line(2)), queue.take(0));
        assertEquals(Optional.empty(), queue.take(0));
    }

    @Test
    void aClientThatIsTooSlowIsToldHowManyItDidNotGet() throws InterruptedException {
        EventQueue queue = new EventQueue(3);
        for (int i = 1; i <= 10_000; i++) {
            queue.put(line(i));
        }
        assertEquals(Optional.of(new Event("dropped", Map.of("events", 9_997L))), queue.take(0));
        assertEquals(Optional.of(line(9_998)), queue.take(0));
        queue.put(line(10_001));
        assertEquals(Optional.of(line(9_999)), queue.take(0), "that some were dropped is said once");
    }

    @Test
    void whoWaitsIsToldWhenAnEventComesAndWhenThereWillBeNone() throws InterruptedException {
        EventQueue queue = new EventQueue(3);
        Thread other = new Thread(() -> queue.put(line(1)));
        other.start();
        assertEquals(Optional.of(line(1)), queue.take(60_000));
        other.join();
        Thread end = new Thread(queue::close);
        end.start();
        assertEquals(Optional.empty(), queue.take(60_000));
        end.join();
        queue.put(line(2));
        assertEquals(Optional.empty(), queue.take(0), "nothing is kept for a client that has gone");
    }
}
