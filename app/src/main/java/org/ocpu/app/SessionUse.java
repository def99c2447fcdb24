package org.ocpu.app;

/** Sessions that stay on disk until this is closed, for one request. */
public final class SessionUse implements AutoCloseable {
    private final Runnable end;

    SessionUse(Runnable end) {
        this.end = end;
    }

    /** To be called once. */
    @Override
    public void close() {
        end.run();
    }
}
