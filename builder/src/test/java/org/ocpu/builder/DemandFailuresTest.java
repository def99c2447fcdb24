package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemandFailuresTest {
    private final DemandFailures failures = new DemandFailures(3, Duration.ofMinutes(10));

    @Test
    void aFloodOfFailuresLeavesTheLatest() {
        IntStream.rangeClosed(1, 5).forEach(n -> failures.remember("p" + n, n, "no luck", false));
        assertEquals(List.of("p3", "p4", "p5"), remembered("p1", "p2", "p3", "p4", "p5"));
        DemandFailures.Failure third = failures.find("p3").orElseThrow();
        assertEquals("3 no luck", third.run() + " " + third.reason());
    }

    @Test
    void whatFailsAgainIsOneOfTheLatest() {
        Stream.of("a", "b", "c", "a", "d").forEach(name -> failures.remember(name, 1, "no luck", false));
        assertEquals(List.of("a", "c", "d"), remembered("a", "b", "c", "d"));
    }

    @Test
    void isForgottenAfterItsTime() {
        assertTrue(failures.find("never").isEmpty());
        DemandFailures brief = new DemandFailures(3, Duration.ZERO);
        brief.remember("a", 1, "no luck", false);
        assertEquals(Optional.empty(), brief.find("a"));
    }

    private List<String> remembered(String... names) {
        return Stream.of(names).filter(name -> failures.find(name).isPresent()).toList();
    }
}
