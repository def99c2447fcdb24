package org.ocpu.webapp;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ocpu.app.DaemonThreads;
import org.ocpu.app.EnginesView;
import org.ocpu.app.OverloadedException;
import org.ocpu.app.RpcService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the server did in the last hour, and how it does now for whoever listens. One thread looks: each ten seconds for the record, and
 * each second only while somebody listens. To look at the memory of engines takes a while, so that is done as often as costs a
 * hundredth of the time.
 */
final class Metrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int SHARE = 100;

    private final RequestMeter meter;
    private final RpcService rpc;
    private final StatusLook look;
    private final MetricRing ring = new MetricRing();
    private final Listeners listeners = new Listeners();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("metrics"));
    private long last = System.nanoTime();
    private long nextMemory = last;
    private volatile EnginesView engines;

    Metrics(RequestMeter meter, RpcService rpc, StatusLook look) {
        this.meter = meter;
        this.rpc = rpc;
        this.look = look;
        this.engines = rpc.engines();
        long pause = PAUSE.toMillis();
        var unused = clock.scheduleWithFixedDelay(this::second, pause, pause, TimeUnit.MILLISECONDS);
    }

    /** The points of the last hour, oldest first. */
    List<MetricPoint> points() {
        return ring.points();
    }

    /** As it is now. */
    StatusView status() {
        return look.now(engines);
    }

    /** Who is told {@code status} and {@code point}. */
    Listeners listeners() {
        return listeners;
    }

    private void second() {
        try {
            if (System.nanoTime() - last >= MetricRing.INTERVAL.toNanos()) {
                point();
            }
            if (listeners.any()) {
                measureEngines();
                listeners.tell("status", status().json());
            }
        } catch (OverloadedException stopping) {
            LOG.debug("No look at the engines", stopping);
        } catch (RuntimeException e) { // the next look may find more
            LOG.warn("Cannot look at how the server does", e);
        }
    }

    private void point() {
        long now = System.nanoTime();
        double seconds = Math.round((now - last) / 1e8) / 10.0;
        last = now;
        measureEngines();
        MetricPoint point = new MetricPoint(
                Instant.now(), seconds, meter.take(), rpc.takePeakLoad(), StatusLook.memory(engines.memory()));
        ring.add(point);
        listeners.tell("point", point.json());
    }

    private void measureEngines() {
        long begin = System.nanoTime();
        if (begin - nextMemory >= 0) {
            engines = rpc.engines();
            nextMemory = System.nanoTime() + SHARE * (System.nanoTime() - begin);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
