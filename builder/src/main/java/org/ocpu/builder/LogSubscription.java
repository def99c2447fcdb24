package org.ocpu.builder;

/** Ends a {@link LogListener}'s following; the listener may hear one more line that was already on its way. */
@FunctionalInterface
public interface LogSubscription extends AutoCloseable {
    @Override
    void close();
}
