package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses, methods and requests that no client should send: each gets a clear 4xx that tells nothing of the server. */
class BadAddressIT {
    private static final String IDENTITY = "/ocpu/library/base/R/identity";

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

    @AfterEach
    void theNextRequestIsAnswered() {
        assertEquals(200, server.get("/ocpu/info").statusCode());
    }

    private static void refused(HttpResponse<byte[]> answer, int status, String part) {
        assertEquals(status, answer.statusCode(), text(answer));
        assertTrue(text(answer).contains(part), text(answer));
        server.assertTellsNothing(text(answer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
                "..%2f..%2f..%2f..%2fetc%2fpasswd",
                "..%5c..%5c..%5cetc%5cpasswd",
                "%252e%252e/%252e%252e/etc/passwd",
                "%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
                "..;/..;/..;/etc/passwd",
                ".;/..;a=b/etc/passwd",
                "../../../../../../../../etc/passwd",
                "..%00/etc/passwd",
                "%u002e%u002e/etc/passwd",
                "%2e%2e;/etc/passwd",
                "%ff",
                "%e2%82",
                "%zz",
                "%",
                "a%00b",
                "a%0d%0aX-Evil:%201",
                "\\..\\..",
            })
    void anOddPathLeadsNowhere(String path) {
        String session = server.session("1");
        for (String start : List.of(
                "/ocpu/library/MASS/",
                "/ocpu/doc/",
                session + "files/",
                session + "R/",
                "/ocpu/tmp/",
                "/ocpu/library/MASS/R/",
                "/ocpu/library/MASS/man/",
                "/ocpu/apps/",
                "/ocpu/user/",
                "/ocpu/test/",
                "/assets/",
                "/ocpu/library/")) {
            String answer = RawHttp.ask(server, "GET", start + path);
            assertTrue(answer.matches("(?s)HTTP/1.1 (400|404|302|403) .*"), start + path + ": " + answer);
            assertFalse(answer.contains("root:"), answer);
            assertFalse(answer.split("\r\n\r\n")[0].contains("\r\nX-Evil"), answer);
            server.assertTellsNothing(answer.replaceAll("(?i)location:.*", ""));
            String call = RawHttp.ask(server, "POST", start + path, "Content-Length: 0");
            assertTrue(call.matches("(?s)HTTP/1.1 (400|404|405|403) .*"), start + path + ": " + call);
            server.assertTellsNothing(call);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%zz", "a=%ff", "a=%00", "%", "digits=%e2%82", "digits=1&digits=2"})
    void aBrokenQueryIs400(String query) {
        for (String target : List.of("/ocpu/library/datasets/R/women/json?", "/ocpu/library/base/R/pi/print?")) {
            String answer = RawHttp.ask(server, "GET", target + query);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            server.assertTellsNothing(answer);
        }
        String call = RawHttp.ask(server, "POST", IDENTITY + "/json?" + query, "Content-Length: 0");
        assertTrue(call.startsWith("HTTP/1.1 400 "), call);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x0",
                "x01",
                "x0" + "1",
                "x0123456789abcdef",
                "X0123456789ABCDEF",
                "x0zzzzzzzzzzzzzz",
                "x0%20",
                "%20",
                "x0123456789abcdef%2f..",
                "..%2fx0123456789abcdef",
                "x0*",
                "x0123456789abcde'",
                "0x0123456789abcdef"
            })
    void anOddSessionKeyIs404(String key) {
        for (String path : List.of("/", "/R/", "/R/.val/json", "/stdout/text", "/files/", "/zip", "/graphics/1/png")) {
            HttpResponse<byte[]> missing = server.get("/ocpu/tmp/" + key + path);
            refused(missing, 404, "");
        }
        refused(server.form("/ocpu/tmp/" + key + "/R/.val", "x=1"), 404, "");
    }

    @Test
    void aVeryLongSessionKeyIs404() {
        String key = "x0" + "1".repeat(200);
        refused(server.get("/ocpu/tmp/" + key + "/"), 404, "Session not found");
        refused(server.call(IDENTITY, "x", key), 400, "Session not found");
    }

    @Test
    void aLongAddressIs414AndHugeHeadersAre431() {
        String line = RawHttp.ask(server, "GET", "/ocpu/info?" + "a".repeat(100_000));
        assertTrue(line.startsWith("HTTP/1.1 414 "), line);
        String headers = RawHttp.ask(server, "GET", "/ocpu/info", "X-Large: " + "a".repeat(100_000));
        assertTrue(headers.startsWith("HTTP/1.1 431 "), headers);
        String many = RawHttp.ask(server, "GET", "/ocpu/info", ("X-Many: a\r\n".repeat(20_000) + "X-Last: b"));
        assertTrue(many.startsWith("HTTP/1.1 431 "), many);
        server.assertTellsNothing(line + headers + many);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "PUT", "PATCH", "TRACE", "PROPFIND", "NOSUCH"})
    void otherMethodsAre405WithThoseThatAreAllowed(String method) {
        String session = server.session("{plot(1); 1}");
        for (String path : List.of(
                "/ocpu/library/datasets/R/women/json",
                IDENTITY,
                "/ocpu/library/",
                "/ocpu/library/MASS/info",
                "/ocpu/library/MASS/DESCRIPTION",
                "/ocpu/info",
                "/ocpu/test/",
                "/ocpu/webhook",
                "/ocpu/doc/",
                "/ocpu/user/",
                "/ocpu/apps/",
                "/ocpu/tmp/",
                session,
                session + "R/.val",
                session + "R/.val/json",
                session + "graphics/1/png",
                session + "files/x",
                session + "stdout/text",
                session + "zip",
                "/",
                "/builds")) {
            String answer = RawHttp.ask(server, method, path);
            assertTrue(answer.startsWith("HTTP/1.1 405 "), method + " " + path + ": " + answer);
            assertTrue(answer.matches("(?s).*\r\nAllow: [^\r]*GET.*"), method + " " + path + ": " + answer);
        }
    }

    @Test
    void whatCannotBeCalledIs405ThatNamesWhatCanBeDone() {
        String session = server.session("1");
        for (String path : List.of(
                "/ocpu/info",
                "/ocpu/library/",
                "/ocpu/library/MASS/info",
                "/ocpu/library/MASS/R/",
                "/ocpu/library/MASS/data/cats",
                "/ocpu/library/MASS/man/rlm/text",
                session,
                session + "info",
                session + "stdout/text",
                session + "zip")) {
            HttpResponse<byte[]> answer = server.form(path, "x=1");
            assertEquals(405, answer.statusCode(), path);
            assertTrue(header(answer, "Allow").contains("GET"), path + ": " + header(answer, "Allow"));
            assertFalse(header(answer, "Allow").contains("POST"), path + ": " + header(answer, "Allow"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /ocpu/info HTTP/9.9\r\nHost: a\r\n\r\n",
                "GET\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "GET /ocpu/info HTTP/1.1\r\n\r\n",
                "GET /ocpu/info HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "POST /ocpu/library/base/R/identity HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
                "POST /ocpu/library/base/R/identity HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                "POST /ocpu/library/base/R/identity HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST /ocpu/library/base/R/identity HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nzz\r\nx=1\r\n0\r\n\r\n",
                "POST /ocpu/library/base/R/identity HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: nosuch\r\nConnection: close\r\n\r\n",
            })
    void whatIsNoHttpIsRefused(String request) {
        String answer = RawHttp.exchange(server, request);
        assertTrue(answer.matches("(?s)HTTP/1.1 (4\\d\\d|505|501) .*"), answer);
        server.assertTellsNothing(answer);
    }
}
