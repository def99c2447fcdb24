package org.ocpu.webapp;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Counts requests by what they were answered, and how long that took, from their header's end to their answer's. No request waits for
 * another one here, and what is counted takes no memory of its own. Streams of events last as long as their clients want, and probes of
 * the server's health tell nothing about it: neither counts.
 */
final class RequestMeter extends Handler.Wrapper {
    private static final long LONGEST = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 2;
    private static final int BUSY = 503;

    /** By the first digit of the status; 503, of which there are many when there is too much to do, apart. */
    private final LongAdder[] answers = {
        new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder()
    };

    private final LongAdder busy = new LongAdder();
    private final Recorder micros = new Recorder(1, LONGEST, DIGITS);
    private Histogram spare;

    /**
     * What was answered in a time.
     *
     * @param failed with 5xx, but for 503
     * @param busy with 503
     * @param medianMicros 0 when there was none, as the next two
     */
    record Counts(
            long succeeded,
            long redirected,
            long refused,
            long failed,
            long busy,
            long medianMicros,
            long slowMicros,
            long slowestMicros) {
        long all() {
            return succeeded + redirected + refused + failed + busy;
        }
    }

    RequestMeter(Handler.Singleton next) {
        super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (Routes.isEvents(request) || Routes.isHealth(request)) {
            return super.handle(request, response, callback);
        }
        long begin = request.getHeadersNanoTime();
        return super.handle(
                request,
                response,
                Callback.from(callback, () -> count(response.getStatus(), System.nanoTime() - begin)));
    }

    void count(int status, long nanos) {
        (status == BUSY ? busy : answers[Math.min(5, Math.max(0, status / 100))]).increment();
        micros.recordValue(Math.min(LONGEST, Math.max(1, nanos / 1000)));
    }

    /** What has been since this was asked the last time. For one thread. */
    Counts take() {
        Histogram times = micros.getIntervalHistogram(spare);
        spare = times;
        return new Counts(
                answers[2].sumThenReset(),
                answers[3].sumThenReset(),
                answers[4].sumThenReset(),
                answers[5].sumThenReset() + answers[0].sumThenReset() + answers[1].sumThenReset(),
                busy.sumThenReset(),
                times.getValueAtPercentile(50),
                times.getValueAtPercentile(99),
                times.getMaxValue());
    }
}
