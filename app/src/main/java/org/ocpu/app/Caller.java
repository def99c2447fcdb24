package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Calls functions and runs scripts, each in a new session; the same call within {@code httpcache.post} seconds is answered with the
 * session of the first. Thread-safe.
 */
final class Caller {
    /** Bytes that a string takes beside its characters. */
    private static final int ENTRY = 56;

    private final AppConfig config;
    private final Engines engines;
    private final Requests requests;
    private final SessionStore sessions;
    private final TimeLimit limit;
    private final ResultLimit results;
    private final Cache<String, Made> made;

    Caller(AppConfig config, Engines engines, Requests requests, SessionStore sessions) {
        this.config = config;
        this.engines = engines;
        this.requests = requests;
        this.sessions = sessions;
        this.limit = new TimeLimit("timelimit.post", config.postLimit());
        this.results = new ResultLimit(config.maxResult());
        this.made = Caffeine.newBuilder()
                .expireAfterWrite(config.postCache())
                .maximumWeight(config.cacheMemory())
                .weigher(Caller::weight)
                .build();
    }

    /** Bytes, roughly. */
    private static int weight(String digest, Made made) {
        return 2048
                + made.rendered().map(value -> (int) value.content().length()).orElse(0)
                + made.entries().stream()
                        .mapToInt(entry -> ENTRY + entry.length())
                        .sum();
    }

    Made make(Client client, Invocation invocation) {
        boolean fresh = invocation.output().fresh();
        // What files were uploaded is not compared.
        Optional<String> digest = Optional.of(invocation)
                .filter(call -> call.arguments().uploads().isEmpty())
                .map(Invocation::digest);
        return digest.filter(key -> !fresh)
                .map(made::getIfPresent)
                .filter(this::isLasting)
                .map(known -> known.from(CacheState.HIT))
                .orElseGet(() -> {
                    Made result = makeAnew(client, invocation, fresh ? CacheState.BYPASS : CacheState.MISS);
                    digest.ifPresent(key -> keep(key, result));
                    return result;
                });
    }

    /** Half of a session's time is left, at least, for who is told its key. */
    private boolean isLasting(Made known) {
        Optional<Duration> left = sessions.find(known.key().value()).map(sessions::left);
        return left.filter(
                        time -> time.multipliedBy(2).compareTo(config.sessions().maxAge()) >= 0)
                .isPresent();
    }

    private Made makeAnew(Client client, Invocation invocation, CacheState state) {
        if (config.reserve().reached(sessions.root())) {
            throw DiskFullException.nearly(config.reserve());
        }
        SessionUse arguments = sessions.use(invocation.arguments().mentionedKeys());
        try {
            return evaluate(client, invocation, state);
        } catch (UncheckedIOException | EngineException e) {
            throw DiskFullException.orSame(e);
        } finally {
            arguments.close();
        }
    }

    /** But an open file is for one reader. */
    private void keep(String digest, Made result) {
        boolean onDisk = result.rendered()
                .map(Rendered::content)
                .filter(Content.OnDisk.class::isInstance)
                .isPresent();
        if (!onDisk) {
            made.put(digest, result);
        }
    }

    private Made evaluate(Client client, Invocation invocation, CacheState state) {
        try (Turn turn = engines.turn(client, invocation.ref(), limit)) {
            RequestDirectory directory = turn.directory().withFiles();
            Reply reply = turn.ask(request(invocation, directory));
            if (DiskFullException.isSign(reply.error())) {
                throw DiskFullException.during();
            }
            if (reply.entries().isEmpty()) {
                throw requests.failure(reply, Optional.empty());
            }
            Optional<Rendered> rendered = reply.rendered(directory, state).map(results::check);
            SessionKey key = sessions.keep(directory, invocation.maker(), invocation.name());
            if (reply.error().isPresent()) {
                throw requests.failure(reply, Optional.of(key));
            }
            Optional<Rendered> value = rendered.map(
                            made -> JavaFormat.answer(invocation.output(), made, "object", directory))
                    .map(results::check);
            return new Made(key, value.isPresent() ? List.of() : entries(key), value, state);
        }
    }

    private List<String> entries(SessionKey key) {
        return sessions.find(key.value()).map(Session::entries).orElseThrow();
    }

    private ObjectNode request(Invocation invocation, RequestDirectory directory) {
        ObjectNode request = requests.header(invocation.operation(), directory, invocation.ref());
        invocation.fields(directory).forEach(request::put);
        Requests.output(request, invocation.output());
        request.putObject("settings")
                .put("code", config.postCode())
                .put("showcall", config.showCall())
                .put("backtrace", config.backtrace())
                .put("output", config.maxOutput())
                .put("memory", config.limits().addressSpace())
                .put("processes", config.limits().processes());
        new ArgumentsWriter(directory, request).write(invocation.arguments());
        ObjectNode known = request.putObject("sessions");
        for (String key : invocation.arguments().mentionedKeys()) {
            sessions.find(key)
                    .map(session -> directory.bring(session.directory(), false))
                    .ifPresent(path -> known.put(key, path.toString()));
        }
        return request;
    }
}
