package org.ocpu.webapp;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What Ctrl-C and {@code kill} do. Java's own way, shutdown hooks, has no second signal. The class for that is in every JDK but not
 * in its documented interface, so it is looked for; without it Java ends at the signal and runs the hooks.
 */
final class Signals {
    private Signals() {}

    /**
     * @param first what the first of SIGINT and SIGTERM brings; on a thread of its own
     * @param more what each later one brings
     */
    static void onStop(Runnable first, Runnable more) {
        AtomicInteger received = new AtomicInteger();
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object react = Proxy.newProxyInstance(
                    handler.getClassLoader(),
                    new Class<?>[] {handler},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            (received.getAndIncrement() == 0 ? first : more).run();
                            yield null;
                        }
                        case "equals" -> proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "Signals";
                    });
            for (String name : List.of("INT", "TERM")) {
                Object one = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, one, react);
            }
        } catch (ReflectiveOperationException e) {
            org.slf4j.LoggerFactory.getLogger(Signals.class).info("A second Ctrl-C will not be noticed", e);
        }
    }
}
