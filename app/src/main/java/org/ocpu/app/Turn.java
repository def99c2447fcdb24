package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request's turn: a place among those that run at once, an engine that stays there meanwhile, and a working directory. These are
 * others' again when the request is over and its worker has ended, too, which the request does not wait for. For one thread.
 */
final class Turn implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

    private final Engine engine;
    private final WorkerWatch watch;
    private final TimeLimit limit;
    private final Holding holding;
    private final RequestDirectory directory;
    private CompletableFuture<?> ended = CompletableFuture.completedFuture(null);

    /**
     * What a turn holds besides its directory.
     *
     * @param engineLost is told that the engine brings no workers
     * @param done lets go of the engine and of the place
     * @param after runs what comes after the request's end
     */
    record Holding(Runnable engineLost, Runnable done, Executor after) {}

    Turn(Engine engine, WorkerWatch watch, TimeLimit limit, Holding holding) {
        this.engine = engine;
        this.watch = watch;
        this.limit = limit;
        this.holding = holding;
        this.directory = opened();
    }

    private RequestDirectory opened() {
        try {
            return engine.directories().open();
        } catch (RuntimeException e) {
            holding.done().run();
            throw e;
        }
    }

    RequestDirectory directory() {
        return directory;
    }

    /**
     * Has a worker answer the request.
     *
     * @throws WorkerLostException when the worker ended without an answer
     */
    Reply ask(ObjectNode request) {
        boolean met = false;
        try (Worker worker = engine.worker(limit)) {
            try {
                int user = worker.meet();
                directory.lend(user);
                met = true;
                Reply reply = watch.over(engine, worker, directory, () -> worker.call(request, directory));
                directory.takeBack();
                return reply;
            } finally {
                ended = watch.leaving(engine, worker);
            }
        } finally {
            if (!met) {
                holding.engineLost().run();
            }
        }
    }

    @Override
    public void close() {
        ended = ended.whenCompleteAsync((end, untold) -> letGo(Optional.ofNullable(untold)), holding.after());
    }

    private void letGo(Optional<Throwable> untold) {
        try {
            untold.ifPresent(reason -> {
                LOG.warn(reason.getMessage());
                holding.engineLost().run();
            });
            directory.close();
        } finally {
            holding.done().run(); // which may be the end of the engine, and of all its directories
        }
    }
}
