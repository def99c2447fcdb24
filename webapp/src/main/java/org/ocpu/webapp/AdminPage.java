package org.ocpu.webapp;

import io.javalin.http.Context;
import java.net.URI;

/** {@code GET /admin}: what the server knows of itself, and what its admin can do. Its content needs the token, which scripts send. */
final class AdminPage {
    private final Frame frame;
    private final URI site;

    AdminPage(Frame frame, URI site) {
        this.frame = frame;
        this.site = site;
    }

    void show(Context ctx) {
        BuildPages.html(ctx, frame.admin() ? AdminPageHtml.page(frame, site) : AdminPageHtml.off(frame));
    }
}
