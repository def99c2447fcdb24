package org.ocpu.webapp;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.StageView;
import org.ocpu.builder.State;
import org.ocpu.builder.VersionView;

/** Builds and apps as the builder tells of them, for tests of what is shown of them. */
final class TestBuilds {
    static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    static final AppName HELLO = new AppName("ada", "hello");

    private TestBuilds() {}

    static BuildView build(long id, AppName app, State state) {
        return build(id, app, state, Optional.empty(), "");
    }

    /** @param message also the pusher's name */
    static BuildView build(long id, AppName app, State state, Optional<String> failure, String message) {
        return new BuildView(
                id,
                app,
                "0123456789abcdef",
                "refs/heads/main",
                "main",
                message,
                message.isEmpty() ? "ada" : message,
                state,
                state == State.SUCCEEDED ? 2 : 1,
                List.of(new StageView("install", state, Optional.of(NOON), Optional.of(NOON.plusMillis(1500)))),
                NOON,
                Optional.of(NOON),
                state.finished() ? Optional.of(NOON.plusSeconds(75 + id)) : Optional.empty(),
                failure,
                failure.map(reason -> "install"),
                state == State.SUPERSEDED ? OptionalLong.of(id + 2) : OptionalLong.empty(),
                "sent",
                Optional.of("hello"),
                Optional.of("1.0.0"));
    }

    static AppView app(AppName name, String version) {
        VersionView live = new VersionView(11, version, "0123456789abcdef", "refs/heads/main", NOON, true, 1000);
        return new AppView(name, "hello", "Hello", "Says hello.", false, List.of(live), 1000);
    }
}
