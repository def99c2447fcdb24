package org.ocpu.webapp;

import io.javalin.http.Context;

/**
 * What browsers let the server's answers do. Most of what it serves was written by authors of packages or made by R code of anybody:
 * opened in a browser, it gets an origin of its own that nothing else has (the sandbox of CSP level 3), so that its scripts can
 * neither act on the server's own pages nor share storage. Programs, and pages that read answers by {@code fetch}, notice nothing.
 */
final class BrowserPolicy {
    /** For the server's own pages: nothing but the server's own files, nothing inline, and in nobody's frame. */
    static final String PAGE = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** For what is no page at all. */
    private static final String DATA = "default-src 'none'; frame-ancestors 'none'";

    /** All that a page needs but {@code allow-same-origin}. */
    static final String SANDBOX = "sandbox allow-downloads allow-forms allow-modals allow-pointer-lock allow-popups"
            + " allow-popups-to-escape-sandbox allow-scripts allow-top-navigation-by-user-activation";

    private static final String CSP = "Content-Security-Policy";
    private static final String REFERRER = "Referrer-Policy";

    private BrowserPolicy() {}

    /** For every answer, before anything else is known of it. Addresses of sessions tell no other site their key. */
    static void everywhere(Context ctx) {
        ctx.header("X-Content-Type-Options", "nosniff").header(REFERRER, "no-referrer");
        ctx.header(CSP, SANDBOX);
    }

    /** For the JSON API and for the files of the server's pages. */
    static void data(Context ctx) {
        ctx.header(CSP, DATA);
    }

    /** For one of the server's own pages. */
    static void page(Context ctx) {
        page(ctx, PAGE);
    }

    static void page(Context ctx, String policy) {
        ctx.header(CSP, policy).header(REFERRER, "same-origin");
        ctx.header("Cross-Origin-Opener-Policy", "same-origin").header("Cross-Origin-Resource-Policy", "same-origin");
    }

    /** For a page that has the whole origin to itself, or that the admin trusts with it; no page of another host can join it. */
    static void trusted(Context ctx) {
        ctx.res().setHeader(CSP, null);
        ctx.header(REFERRER, "strict-origin-when-cross-origin").header("Origin-Agent-Cluster", "?1");
    }

    /** Browsers show no sandboxed PDF, and their viewer keeps its scripts to itself. */
    static void forType(Context ctx, String mediaType) {
        if (mediaType.equals("application/pdf")) {
            ctx.res().setHeader(CSP, null);
        }
    }
}
