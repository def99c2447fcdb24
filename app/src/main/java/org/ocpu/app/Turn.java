package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/**
 * A request's turn: a place among those that run at once, an engine that stays there meanwhile, and a working directory. For one
 * thread.
 */
final class Turn implements AutoCloseable {
    private final Engine engine;
    private final WorkerWatch watch;
    private final TimeLimit limit;
    private final Consumer<Boolean> whenDone;
    private final RequestDirectory directory;
    private boolean lost;

    /** @param whenDone lets go of the engine and of the place; is told whether the engine is gone */
    Turn(Engine engine, WorkerWatch watch, TimeLimit limit, Consumer<Boolean> whenDone) {
        this.engine = engine;
        this.watch = watch;
        this.limit = limit;
        this.whenDone = whenDone;
        this.directory = opened();
    }

    private RequestDirectory opened() {
        try {
            return engine.directories().open();
        } catch (RuntimeException e) {
            whenDone.accept(false);
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
        try (Worker worker = engine.worker(limit)) {
            int user = worker.meet();
            directory.lend(user);
            Reply reply = watch.over(engine, worker, directory, () -> worker.call(request, directory));
            directory.takeBack();
            return reply;
        } catch (EngineException e) {
            lost = true;
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            directory.close();
        } finally {
            whenDone.accept(lost); // which may be the end of the engine, and of all its directories
        }
    }
}
