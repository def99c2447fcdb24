package org.ocpu.webapp;

import io.javalin.http.sse.SseClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.LogListener;
import org.ocpu.builder.LogSubscription;

/** Tells one client of one build, its log and how it stands, until the build is finished or the client is gone; used once. */
final class BuildEvents implements LogListener {
    private final BuildService builds;
    private final SseClient client;
    private final long build;
    private final boolean html;
    private final BuildStates states;
    private Optional<LogLine> before = Optional.empty();

    /** @param html whether each line comes with what pages show of it, too */
    BuildEvents(BuildService builds, SseClient client, long build, boolean html) {
        this.builds = builds;
        this.client = client;
        this.build = build;
        this.html = html;
        this.states = new BuildStates(builds, client, view -> view.id() == build, BuildJson::of);
    }

    void follow(long after) {
        states.follow();
        builds.build(build).ifPresent(states::changed);
        LogSubscription following = builds.follow(build, after, this);
        client.onClose(following::close);
        if (client.terminated()) {
            following.close();
        }
    }

    @Override
    public void line(long number, String text) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("text", text);
        if (html) {
            LogLine line = LogLine.parse(number, text, before);
            before = Optional.of(line);
            json.put("stage", line.stage());
            json.put("html", LogHtml.line(line));
        }
        synchronized (client) {
            if (!client.terminated()) {
                client.sendEvent("line", json, Long.toString(number));
            }
        }
    }

    @Override
    public void end() {
        builds.build(build).ifPresent(states::changed);
        states.end(Map.of("build", build));
    }
}
