package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HealthTest {
    static List<Supplier<List<String>>> failures() {
        return List.of(
                () -> {
                    throw new IllegalStateException();
                },
                () -> {
                    throw new NoClassDefFoundError("lost");
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aLookThatFailsIsNotTheLast(Supplier<List<String>> failure) {
        AtomicReference<Supplier<List<String>>> parts = new AtomicReference<>(List::of);
        try (Health health = new Health(() -> parts.get().get())) {
            assertEquals(List.of(), health.problems());
            parts.set(failure);
            assertTrue(TestServer.within(() -> !health.problems().isEmpty()), "the failure is not told");
            parts.set(List::of);
            assertTrue(TestServer.within(() -> health.problems().isEmpty()), "nobody looks any more");
        }
    }

    @Test
    void whatIsWrongIsToldAsItIs() {
        try (Health health = new Health(() -> List.of("The disk is full."))) {
            assertEquals(List.of("The disk is full."), health.problems());
        }
    }
}
