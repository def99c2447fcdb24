package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The HTTP API as a client meets it. */
class ApiIT {
    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(directory, Map.of("timelimit.post", "5", "body.max", "100000", "webhook.secret", "s"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void aCallAnswers201WithThePathsOfItsSession() {
        HttpResponse<byte[]> made = server.form("/ocpu/library/stats/R/rnorm", "n=3");
        assertEquals(201, made.statusCode());
        String key = header(made, "X-ocpu-session");
        assertTrue(key.matches("x0[0-9a-f]{26}"), key);
        assertTrue(header(made, "Location").endsWith("/ocpu/tmp/" + key + "/"), header(made, "Location"));
        String root = "/ocpu/tmp/" + key + "/";
        assertEquals(
                Stream.of("R/.val", "R/rnorm", "stdout", "source", "console", "info", "files/DESCRIPTION")
                        .map(root::concat)
                        .toList(),
                text(made).lines().toList());
        for (String path : text(made).lines().toList()) {
            HttpResponse<byte[]> resource = server.get(path);
            if (resource.statusCode() == 302) {
                resource = server.get(
                        java.net.URI.create(header(resource, "Location")).getPath());
            }
            assertEquals(200, resource.statusCode(), path);
            assertTrue(resource.body().length > 0, path);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "base/R/identity/json | x=3.1415 | [3.1415]",
                "base/R/identity/json | x=seq(1,10,by%3D3) | [1, 4, 7, 10]",
                "base/R/identity/json | x=true | [true]",
                "base/R/identity/json?pretty=false | x={\"a\":[1,2]} | {\"a\":[1,2]}",
                "base/R/sum/json | ...=1,2,3 | [6]",
                "stats/R/coef/json?digits=2 | object=lm(weight~height,women) | [-87.52, 3.45]",
                "MASS/R/area/json | f=sin&a=0&b=pi | [2]",
            })
    void argumentsOfAFormAreRCodeOrJson(String function, String form, String value) {
        HttpResponse<byte[]> made = server.form("/ocpu/library/" + function, form);
        assertEquals(value, text(made));
        assertEquals(201, made.statusCode());
    }

    @Test
    void jsonArgumentsAreValues() {
        assertEquals("[42]", text(server.json("/ocpu/library/base/R/identity/json", "{\"x\":42}")));
        assertEquals(
                "[\"c(1,2)\"]",
                text(server.json("/ocpu/library/base/R/identity/json", "{\"x\":\"c(1,2)\"}")),
                "a JSON string is a string, not code");
    }

    @Test
    void aSessionIsAnArgumentOfTheNextCallAndItsFunctionsCanBeCalled() {
        String model =
                header(server.form("/ocpu/library/stats/R/lm", "formula=dist~speed&data=cars"), "X-ocpu-session");
        assertEquals("[-17.5791, 3.9324]", text(server.form("/ocpu/library/stats/R/coef/json", "object=" + model)));
        assertEquals("[2]", text(server.form("/ocpu/library/base/R/length/json", "x=coef(" + model + "::.val)")));
        String made = header(server.form("/ocpu/library/base/R/identity", "x=function(a) a * 2"), "X-ocpu-session");
        assertEquals("[42]", text(server.form("/ocpu/tmp/" + made + "/R/.val/json", "a=21")));
    }

    @Test
    void objectsAreReadInTheFormatOfTheAddress() {
        assertTrue(
                text(server.get("/ocpu/library/datasets/R/women/csv")).startsWith("\"height\",\"weight\"\r\n58,115"));
        assertTrue(text(server.get("/ocpu/library/datasets/R/women/json")).contains("\"height\": 58"));
        assertTrue(text(server.get("/ocpu/library/datasets/R/women/print")).contains("height weight"));
        HttpResponse<byte[]> rds = server.get("/ocpu/library/datasets/R/women/rds");
        assertEquals("attachment;filename=\"women.rds\"", header(rds, "Content-Disposition"));
        HttpResponse<byte[]> bare = server.get("/ocpu/library/datasets/R/women");
        assertEquals(302, bare.statusCode());
        assertTrue(header(bare, "Location").endsWith("/ocpu/library/datasets/R/women/print"));
    }

    @Test
    void plotsAreRenderedInAnyFormatAndSize() {
        HttpResponse<byte[]> made = server.form("/ocpu/library/graphics/R/plot", "x=[1,2,3]");
        assertTrue(text(made).contains("/graphics/1"), text(made));
        String graphics = "/ocpu/tmp/" + header(made, "X-ocpu-session") + "/graphics/";
        HttpResponse<byte[]> png = server.get(graphics + "1/png?width=320&height=200");
        assertEquals("image/png", header(png, "Content-Type"));
        assertEquals(List.of(320, 200), pngSize(png.body()));
        assertTrue(text(server.get(graphics + "last/svg")).contains("<svg"));
        assertTrue(text(server.get(graphics + "1/pdf")).startsWith("%PDF"));
        assertEquals(404, server.get(graphics + "2/png").statusCode());
    }

    private static List<Integer> pngSize(byte[] png) {
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(Arrays.copyOfRange(png, 16, 24));
        return List.of(buffer.getInt(), buffer.getInt());
    }

    @Test
    void anErrorIs400WithRsMessageAndTheSessionOfTheOutputUpToIt() {
        HttpResponse<byte[]> failed =
                server.form("/ocpu/library/base/R/identity", "x={cat('so far');stop('no further')}");
        assertEquals(400, failed.statusCode());
        assertTrue(text(failed).startsWith("no further"), text(failed));
        assertEquals("so far", text(server.get("/ocpu/tmp/" + header(failed, "X-ocpu-session") + "/stdout/text")));
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> badRequests() {
        return Stream.of(
                bad(400, "/ocpu/library/base/R/identity/json", "x=c(1,2", "Unparsable argument"),
                bad(400, "/ocpu/library/base/R/identity/json", "x=%zz", "percent-encoded"),
                bad(400, "/ocpu/library/base/R/pi/json", "x=1", "is not a function"),
                bad(400, "/ocpu/library/base/R/identity/png", "x=1", "did not generate any graphics"),
                bad(400, "/ocpu/library/base/R/quit", "", "quit()"),
                bad(400, "/ocpu/library/base/R/Sys.sleep", "time=100", "timelimit.post = 5 s"),
                bad(404, "/ocpu/library/base/R/nosuchfunction", "x=1", "nosuchfunction"),
                bad(404, "/ocpu/library/nosuchpackage/R/f", "", "not installed"),
                bad(404, "/ocpu/apps/nobody/nothing/R/f", "", "nobody/nothing"),
                bad(404, "/ocpu/tmp/x0123456789abcdef/R/f", "", "Session not found"),
                bad(413, "/ocpu/library/base/R/identity", "x=" + "1".repeat(100_001), "body.max = 100000"),
                bad(405, "/ocpu/library/base/info", "x=1", "POST is not allowed"));
    }

    private static org.junit.jupiter.params.provider.Arguments bad(int status, String path, String form, String part) {
        return org.junit.jupiter.params.provider.Arguments.of(status, path, form, part);
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void badRequestsGetAClearAnswerThatNamesNoPathOfTheServer(int status, String path, String form, String part) {
        HttpResponse<byte[]> answer = server.form(path, form);
        assertEquals(status, answer.statusCode(), text(answer));
        assertTrue(text(answer).contains(part), text(answer));
        assertFalse(text(answer).contains(directory.toString()), text(answer));
        assertEquals("[1]", text(server.form("/ocpu/library/base/R/identity/json", "x=1")), "the next call works");
    }

    @Test
    void unknownMediaTypesAre415AndInvalidJsonIs400() {
        HttpResponse<byte[]> xml = server.send(server.request("/ocpu/library/base/R/identity")
                .header("Content-Type", "text/xml")
                .POST(BodyPublishers.ofString("<x/>")));
        assertEquals(415, xml.statusCode());
        HttpResponse<byte[]> json = server.json("/ocpu/library/base/R/identity", "{\"x\":");
        assertEquals(400, json.statusCode());
        assertTrue(text(json).contains("Invalid JSON"), text(json));
        assertEquals(400, server.json("/ocpu/library/base/R/identity", "[1,2]").statusCode());
    }

    @Test
    void headTellsWhatGetWould() {
        HttpResponse<byte[]> head = server.send(
                server.request("/ocpu/library/datasets/R/women/csv").method("HEAD", BodyPublishers.noBody()));
        assertEquals(200, head.statusCode());
        assertTrue(header(head, "Content-Type").startsWith("text/csv"));
        assertEquals(0, head.body().length);
    }

    @Test
    void redirectsStayOnThisServerAndKeepTheQuery() {
        HttpResponse<byte[]> moved = server.get("//ocpu/library/MASS?a=1");
        assertEquals(302, moved.statusCode());
        assertTrue(
                header(moved, "Location").matches("(http://localhost:\\d+)?/ocpu/library/MASS/\\?a=1"),
                header(moved, "Location"));
    }

    @Test
    void errorsAreJsonForClientsThatAskForIt() {
        HttpResponse<byte[]> missing =
                server.send(server.request("/ocpu/library/nosuch/info").header("Accept", "application/json"));
        assertEquals(404, missing.statusCode());
        assertTrue(text(missing).matches("\\{.*\"message\":\"Package nosuch is not installed.*}"), text(missing));
    }

    @Test
    void theWebhookTakesOnlySignedDeliveriesOfBearableSize() {
        HttpResponse<byte[]> unsigned = server.send(server.request("/ocpu/webhook")
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "push")
                .POST(BodyPublishers.ofString("{}")));
        assertEquals(401, unsigned.statusCode());
        HttpResponse<byte[]> large = server.send(server.request("/ocpu/webhook")
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "push")
                .POST(BodyPublishers.ofString(" ".repeat(100_001))));
        assertEquals(413, large.statusCode());
        assertTrue(text(server.get("/ocpu/webhook")).contains("/ocpu/webhook"));
    }
}
