package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.ocpu.app.Client;
import org.ocpu.app.DaemonThreads;
import org.ocpu.app.Lease;
import org.ocpu.app.NotFoundException;
import org.ocpu.app.PackageRef;
import org.ocpu.app.Reading;
import org.ocpu.app.Rendered;
import org.ocpu.app.RpcException;
import org.ocpu.app.RpcService;
import org.ocpu.builder.AppName;

/**
 * What apps have, for their pages, which do not wait for R longer than a person would: R goes on, and who looks again is told.
 * Thread-safe.
 */
final class AppOutlines implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int THREADS = 2;
    private static final int WAITING = 32;
    private static final int KNOWN = 200;

    /** So many functions are told whole, and so many data sets. */
    private static final int WHOLE = 40;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RpcService rpc;
    private final Cache<Reading, JsonNode> known =
            Caffeine.newBuilder().maximumSize(KNOWN).build();
    private final Map<Reading, CompletableFuture<JsonNode>> running = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            DaemonThreads.named("app-outline"));

    /**
     * What is known now.
     *
     * @param outline absent when it is not known
     * @param problem why it is not
     * @param pending whether it will be known in a moment
     */
    record Answer(Optional<JsonNode> outline, String problem, boolean pending) {
        static Answer problem(String problem) {
            return new Answer(Optional.empty(), problem, false);
        }
    }

    AppOutlines(RpcService rpc) {
        this.rpc = rpc;
        threads.allowCoreThreadTimeOut(true);
    }

    /** What the app's live version has. */
    Answer of(Client client, AppName app) {
        return answer(client, app, ref -> Reading.outline(ref, WHOLE));
    }

    /** One function of it. */
    Answer function(Client client, AppName app, String name) {
        return answer(client, app, ref -> Reading.outline(ref, "function", name));
    }

    private Answer answer(Client client, AppName app, Function<PackageRef, Reading> reading) {
        Optional<Reading> wanted = live(app).map(reading);
        Optional<JsonNode> outline = wanted.map(known::getIfPresent);
        if (wanted.isEmpty() || outline.isPresent()) {
            return new Answer(outline, "It is not installed any more.", false);
        }
        try {
            CompletableFuture<JsonNode> read = running.computeIfAbsent(
                    wanted.get(),
                    fresh -> CompletableFuture.supplyAsync(() -> read(client, app, reading, fresh), threads));
            return new Answer(Optional.of(read.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)), "", false);
        } catch (TimeoutException e) {
            return new Answer(Optional.empty(), "R is still reading the package.", true);
        } catch (RejectedExecutionException e) {
            return Answer.problem("R has too much to do at the moment.");
        } catch (ExecutionException e) {
            return Answer.problem(reason(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.problem("The server is shutting down.");
        }
    }

    private Optional<PackageRef> live(AppName app) {
        return rpc.libraries().apps().find(app.owner(), app.path());
    }

    private static String reason(Throwable failure) {
        if (failure instanceof RpcException expected) {
            return expected.getMessage();
        }
        throw new IllegalStateException("The outline of an app could not be read", failure);
    }

    private JsonNode read(Client client, AppName app, Function<PackageRef, Reading> reading, Reading wanted) {
        try (Lease lease =
                rpc.lease(() -> live(app)).orElseThrow(() -> new NotFoundException("It was just removed."))) {
            Reading now = reading.apply(lease.ref());
            Rendered rendered = rpc.by(client).read(now);
            try (InputStream json = rendered.content().stream()) {
                JsonNode outline = JSON.readTree(json);
                known.put(now, outline);
                return outline;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            running.remove(wanted);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
