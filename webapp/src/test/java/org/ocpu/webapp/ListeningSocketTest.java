package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ListeningSocketTest {
    @Test
    void anyFreePortIsKnownAtOnceAndNobodyElseGetsIt() throws IOException {
        int port;
        try (ListeningSocket socket = ListeningSocket.open("127.0.0.1", 0)) {
            port = socket.port();
            assertTrue(port > 0);
            WebappException taken =
                    assertThrows(WebappException.class, () -> ListeningSocket.open("127.0.0.1", socket.port()));
            assertTrue(taken.getMessage().startsWith("Cannot listen on 127.0.0.1 port " + port), taken.getMessage());
            assertTrue(taken.getMessage().contains("--port"), taken.getMessage());
        }
        try (ListeningSocket again = ListeningSocket.open("127.0.0.1", port)) {
            assertEquals(port, again.port());
        }
    }

    @Test
    void aHostThatIsNotThisMachineIsToldByName() {
        for (String host : new String[] {"no such host", "192.0.2.1"}) {
            WebappException failure = assertThrows(WebappException.class, () -> ListeningSocket.open(host, 0));
            assertTrue(failure.getMessage().contains(host), failure.getMessage());
        }
    }
}
