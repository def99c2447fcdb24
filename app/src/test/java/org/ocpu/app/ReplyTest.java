package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of a worker's answer, which may be forged. */
class ReplyTest {
    private static Optional<Rendered> rendered(String type) {
        Reply reply = new Reply(JsonNodeFactory.instance.objectNode().put("type", type), new byte[1]);
        return reply.rendered(
                new RequestDirectory(Path.of("none"), Path.of("none"), UserPart.NONE, directory -> {}),
                CacheState.MISS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/pdf, text/html",
                "application/pdf,text/html",
                "application/pdf; charset=utf-8, text/html",
                "application/pdf;x=text/html",
                "text/html\r\nX-Attack: yes",
                "text/html\n",
                "text",
                "",
            })
    void whatIsNoMediaTypeIsDropped(String type) {
        assertTrue(rendered(type).isEmpty());
    }

    @Test
    void mediaTypesThatRGivesAreKept() {
        for (String type : new String[] {"application/pdf", "image/svg+xml", "text/csv; charset=utf-8"}) {
            assertEquals(Optional.of(type), rendered(type).orElseThrow().mediaType());
        }
    }
}
