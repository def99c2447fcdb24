package org.ocpu.webapp;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers in plain text where Jetty refuses a request that it cannot read, before {@link ErrorMapper} sees it. There Jetty would send
 * a body even to HEAD, which the client would take for its next answer.
 */
final class PlainErrors extends ErrorHandler {
    /** What Jetty has for the address of a request whose first line it cannot read, and so does not know the method of. */
    private static final String UNREAD = "/badMessage";

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        if (code == HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505 || code == HttpStatus.NOT_IMPLEMENTED_501) {
            response.setStatus(HttpStatus.BAD_REQUEST_400); // garbage is no error of the server
        }
        boolean bare = HttpMethod.HEAD.is(request.getMethod()) || UNREAD.equals(Request.getPathInContext(request));
        write(response, bare ? "" : "The server cannot read this request: " + message + "\n", callback);
    }

    /** Sends a text, without waiting until the client has taken it. */
    static void write(Response response, String text, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        Content.Sink.write(response, true, text, callback);
    }
}
