package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Answers readings: with what is kept, or by a worker. Thread-safe. */
final class Renderer {
    private final Engines engines;
    private final Requests requests;
    private final RenderedCache cache;
    private final TimeLimit limit;
    private final ResultLimit results;

    Renderer(Engines engines, Requests requests, RenderedCache cache, TimeLimit limit, ResultLimit results) {
        this.engines = engines;
        this.requests = requests;
        this.cache = cache;
        this.limit = limit;
        this.results = results;
    }

    Rendered read(Client client, Reading reading) {
        boolean fresh = reading.output().fresh();
        Optional<Rendered> kept = fresh ? Optional.empty() : cache.get(reading);
        return kept.map(rendered -> rendered.from(CacheState.HIT))
                .orElseGet(() -> make(client, reading, fresh ? CacheState.BYPASS : CacheState.MISS));
    }

    private Rendered make(Client client, Reading reading, CacheState state) {
        try (Turn turn = engines.turn(client, reading.ref(), limit)) {
            RequestDirectory directory = turn.directory();
            Reply reply = turn.ask(request(reading, directory));
            if (reply.error().isPresent()) {
                throw requests.failure(reply, Optional.empty());
            }
            Rendered rendered = reply.rendered(directory, state)
                    .orElseThrow(() -> new EngineException("The worker's answer has no body."));
            return keep(
                    reading.kept(),
                    results.check(
                            JavaFormat.answer(reading.output(), results.check(rendered), reading.name(), directory)),
                    directory);
        }
    }

    private Rendered keep(Reading reading, Rendered rendered, RequestDirectory directory) {
        if (rendered.content() instanceof Content.OnDisk) {
            cache.keep(reading, rendered, directory.body());
        } else {
            cache.keep(reading, rendered);
        }
        return rendered;
    }

    private ObjectNode request(Reading reading, RequestDirectory directory) {
        ObjectNode request = requests.header(reading.operation(), directory, reading.ref());
        reading.fields(directory).forEach(request::put);
        Requests.output(request, reading.output());
        return request;
    }
}
