package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statuses and notifications of real builds. */
class BuildNewsIT extends BuildFixture {
    private FakeGitHub api;
    private NotifyReceiver receiver;

    @BeforeEach
    void connect() throws IOException {
        api = new FakeGitHub().repository(APP.repository());
        receiver = new NotifyReceiver();
        Map<String, String> settings = new HashMap<>();
        settings.put("github.api", api.api().toString());
        settings.put("github.token", FakeGitHub.TOKEN);
        settings.put("notify.url", receiver.url().toString());
        reopen(settings);
    }

    @AfterEach
    void disconnect() {
        api.close();
        receiver.close();
    }

    @Test
    void tellsOfABuildFromItsQueueToItsEnd() throws Exception {
        BuildView build = push(RPackage.answering("stocks", "1.0", "42"));
        assertEquals(State.SUCCEEDED, build.state(), () -> build.failure().orElse(""));
        FakeGitHub.Status last = api.next();
        while (last.state().equals("pending")) {
            assertEquals(build.commit(), last.commit());
            last = api.next();
        }
        assertEquals(List.of("success", "live: stocks 1.0"), List.of(last.state(), last.description()));
        assertEquals("succeeded", receiver.next().json().at("/build/state").asText());
    }
}
