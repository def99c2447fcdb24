package org.ocpu.webapp;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Ends requests whose clients send their body, or take their answer, too slowly: they hold a thread. Streams of events last as long
 * as their clients want.
 */
final class PaceHandler extends Handler.Wrapper {
    private final HttpLimits limits;

    PaceHandler(HttpLimits limits, Handler.Singleton next) {
        super(next);
        this.limits = limits;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (Routes.isEvents(request)) {
            return super.handle(request, response, callback);
        }
        PacedRequest paced = new PacedRequest(request);
        return super.handle(paced, new PacedResponse(paced, response), callback);
    }

    private String tooSlow() {
        return "The body is sent too slowly: at most http.idle = "
                + limits.idle().toSeconds()
                + " s may pass between two parts of it, and after as long it must come with at least http.minrate = "
                + limits.minRate() + " bytes a second.";
    }

    private final class PacedRequest extends Request.Wrapper {
        private final Pace pace = new Pace(limits.idle(), limits.minRate());
        private Content.Chunk failure;

        PacedRequest(Request request) {
            super(request);
            pace.add(0);
        }

        @Override
        public Content.Chunk read() {
            if (failure != null) {
                return failure;
            }
            Content.Chunk chunk = super.read();
            if (chunk == null) {
                return null;
            }
            if (Content.Chunk.isFailure(chunk)) {
                return chunk.getFailure() instanceof TimeoutException ? failed() : chunk;
            }
            pace.add(chunk.remaining());
            if (!chunk.isLast() && pace.isTooSlow()) {
                chunk.release();
                return failed();
            }
            return chunk;
        }

        private Content.Chunk failed() {
            failure = Content.Chunk.from(new SlowClientException(tooSlow()), true);
            return failure;
        }
    }

    private final class PacedResponse extends Response.Wrapper {
        private final Pace pace = new Pace(limits.idle(), limits.minRate());

        PacedResponse(Request request, Response response) {
            super(request, response);
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            if (pace.isTooSlow()) {
                callback.failed(new SlowClientException("The client takes its answer too slowly."));
            } else {
                pace.add(content == null ? 0 : content.remaining());
                super.write(last, content, callback);
            }
        }
    }
}
