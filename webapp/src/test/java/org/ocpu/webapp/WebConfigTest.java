package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WebConfigTest {
    @Test
    void defaultsAreLoopbackPort8004And25Megabytes() {
        assertEquals(new WebConfig("127.0.0.1", 8004, 26_214_400), WebConfig.from(Map.of()));
    }

    @Test
    void everyKeyIsRead() {
        Map<String, String> settings = Map.of("host", "0.0.0.0", "port", "80", "body.max", "1000");
        assertEquals(settings.keySet(), Set.copyOf(WebConfig.keys()));
        assertEquals(new WebConfig("0.0.0.0", 80, 1000), WebConfig.from(settings));
    }

    @Test
    void badValuesNameTheirKey() {
        for (Map<String, String> bad :
                Set.of(Map.of("port", "x"), Map.of("port", "70000"), Map.of("body.max", "0"), Map.of("host", " "))) {
            String message = assertThrows(IllegalArgumentException.class, () -> WebConfig.from(bad))
                    .getMessage();
            assertTrue(message.contains(bad.keySet().iterator().next()), message);
        }
    }
}
