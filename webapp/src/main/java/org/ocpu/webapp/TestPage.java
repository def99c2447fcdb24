package org.ocpu.webapp;

import io.javalin.http.Context;

/** {@code test/} of the API: the page to try it by hand. */
final class TestPage {
    private final Assets assets =
            new Assets("assets/test/", "index.html", "test.css", "test.js", "request.js", "view.js");

    /** Beside its own files it shows pictures that it was answered with, and pages of the API in a sandboxed frame. */
    void index(Context ctx) {
        BrowserPolicy.page(
                ctx, BrowserPolicy.PAGE.replace("img-src 'self';", "img-src 'self' blob:; frame-src 'self';"));
        assets.serve(ctx, "index.html");
    }

    void file(Context ctx) {
        BrowserPolicy.data(ctx);
        assets.serve(ctx, ctx.pathParam("file"));
    }
}
