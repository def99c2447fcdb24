package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the headers of a real server's answers let browsers do. */
class BrowserPolicyIT {
    private static final String CSP = "Content-Security-Policy";

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(directory, Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void assertSandboxed(HttpResponse<byte[]> answer) {
        String policy = header(answer, CSP);
        assertTrue(policy.startsWith("sandbox "), answer.uri() + ": " + policy);
        assertFalse(policy.contains("allow-same-origin"), policy);
        assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
        assertEquals("no-referrer", header(answer, "Referrer-Policy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/builds", "/syncs", "/ocpu/test/"})
    void thePagesOfTheServerRunOnlyItsOwnScriptsAndAreInNoFrame(String page) {
        HttpResponse<byte[]> answer = server.get(page);
        String policy = header(answer, CSP);
        assertEquals(200, answer.statusCode(), text(answer));
        for (String part : new String[] {
            "default-src 'none'",
            "script-src 'self';",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'"
        }) {
            assertTrue(policy.contains(part), policy);
        }
        assertFalse(policy.contains("unsafe") || policy.contains("sandbox"), policy);
        assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
        assertEquals("same-origin", header(answer, "Referrer-Policy"));
        assertEquals("same-origin", header(answer, "Cross-Origin-Opener-Policy"));
        String html = text(answer);
        assertFalse(html.matches("(?s).*(<script>|<style| style=| on[a-z]+=\").*"), html);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/ocpu.css",
                "/assets/ocpu.svg",
                "/api/v1/builds",
                "/api/v1/nothing",
                "/api/v1/openapi.json"
            })
    void whatIsNoPageDoesNothing(String path) {
        assertEquals("default-src 'none'; frame-ancestors 'none'", header(server.get(path), CSP));
        assertEquals("nosniff", header(server.get(path), "X-Content-Type-Options"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ocpu/library/MASS/html/rlm.html",
                "/ocpu/library/MASS/html/00Index.html",
                "/ocpu/library/MASS/man/rlm/html",
                "/ocpu/library/MASS/R/",
                "/ocpu/library/MASS/DESCRIPTION",
                "/%6fcpu/library/MASS/DESCRIPTION",
                "/ocpu//library/MASS/html/rlm.html",
                "/ocpu/doc/html/index.html",
                "/ocpu/nothing",
                "/nothing",
            })
    void whatAuthorsOfPackagesWroteHasNoOrigin(String path) {
        assertSandboxed(server.get(path));
    }

    @Test
    void whatCallsLeaveHasNoOriginWhateverItsName() {
        String session = server.session(
                "{svg('x.svg'); plot(1); dev.off(); for (f in c('x.html', 'x.xhtml', 'x.pdf.html', 'pdf'))"
                        + " writeLines('<script>alert(1)</script>', f)}");
        for (String path : Arrays.asList(
                "files/x.html",
                "files/x.xhtml",
                "files/x.svg",
                "files/x.pdf.html",
                "files/pdf",
                "files/x.html;.pdf",
                "files/",
                "console/text",
                "R/.val/print",
                "R/.val/json",
                "",
                "zip")) {
            HttpResponse<byte[]> answer = server.get(session + path);
            assertSandboxed(answer);
        }
        assertSandboxed(server.call("/ocpu/library/base/R/stop", "x", "1"));
        assertSandboxed(server.call("/ocpu/library/graphics/R/plot/svg", "x", "1"));
    }

    @Test
    void onlyPdfIsNotSandboxedSinceBrowsersWouldNotShowIt() {
        HttpResponse<byte[]> made = server.call("/ocpu/library/graphics/R/plot", "x", "1");
        String pdf = "/ocpu/tmp/" + header(made, "X-ocpu-session") + "/graphics/1/pdf";
        HttpResponse<byte[]> first = server.get(pdf);
        assertEquals("application/pdf", header(first, "Content-Type"));
        HttpResponse<byte[]> again = server.get(pdf, "If-None-Match", header(first, "ETag"));
        assertEquals(304, again.statusCode());
        assertEquals("", header(first, CSP) + header(again, CSP));
        assertEquals("nosniff", header(first, "X-Content-Type-Options"));
    }

    /** jQuery sends the header to what it takes for the page's own host. */
    @Test
    void pagesWithoutAnOriginMayCallAsOldClientsDo() {
        HttpResponse<byte[]> asked = server.send(server.request("/ocpu/library/stats/R/rnorm")
                .header("Origin", "null")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type,x-requested-with")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertEquals(200, asked.statusCode());
        assertEquals("*", header(asked, "Access-Control-Allow-Origin"));
        assertTrue(header(asked, "Access-Control-Allow-Headers").contains("X-Requested-With"));
        assertEquals("86400", header(asked, "Access-Control-Max-Age"));
    }

    @Test
    void theJsonApiInvitesNoOtherOrigin() {
        HttpResponse<byte[]> asked = server.send(server.request("/api/v1/outbox")
                .header("Origin", "null")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertEquals("", header(asked, "Access-Control-Allow-Origin"));
        assertEquals("", header(asked, "Access-Control-Allow-Headers"));
    }

    @Test
    void anUnreadableRequestIsAnsweredWithoutSniffing() {
        String answer = RawHttp.exchange(server, "GET / HTTP/9.9\r\n\r\n");
        assertTrue(answer.contains("X-Content-Type-Options: nosniff"), answer);
    }
}
