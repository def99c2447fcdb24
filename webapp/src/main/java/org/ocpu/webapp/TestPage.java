package org.ocpu.webapp;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code test/} of the API: the page to explore it. */
final class TestPage {
    /** Beside its own files it shows pictures that it was answered with, and pages of the API in a sandboxed frame. */
    private static final String POLICY =
            BrowserPolicy.PAGE.replace("img-src 'self';", "img-src 'self' blob:; frame-src 'self';");

    private final Html page;

    /** @param code whether arguments of calls may be R code */
    TestPage(Frame frame, boolean code) {
        this.page =
                frame.page(Frame.Place.API, "API explorer", Html.of(template(), code), "test/test.css", "test/test.js");
    }

    void index(Context ctx) {
        BrowserPolicy.page(ctx, POLICY);
        Answers.tagged(ctx, "text/html", page.text().getBytes(StandardCharsets.UTF_8));
    }

    private static String template() {
        try (InputStream in = TestPage.class.getResourceAsStream("assets/test/main.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
