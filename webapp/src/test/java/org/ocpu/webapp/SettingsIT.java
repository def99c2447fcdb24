package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server whose settings are not the defaults: the API at another root, parts of it switched off, posted code refused. */
class SettingsIT {
    private static final String ROOT = "/my/api";

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(
                directory,
                Map.of(
                        "root.path", ROOT,
                        "enable.api.user", "false",
                        "enable.cors", "false",
                        "enable.post.code", "false",
                        "key.length", "32"));
        server.publish("Demo", "Hello", Path.of("src/main/samples/hello"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String path(HttpResponse<?> moved) {
        return URI.create(header(moved, "Location")).getPath();
    }

    @ParameterizedTest
    @CsvSource({
        ", /test",
        "/test, /test/",
        "/library, /library/",
        "/library/MASS/, /library/MASS/info",
        "/library/stats/man/rnorm/text, /library/stats/man/Normal/text",
        "/github/demo/hello/info, /apps/demo/hello/info",
        "/apps/demo/hello/, /apps/demo/hello/www/",
        "/doc, /doc/",
    })
    void redirectsStayBelowTheRoot(String from, String to) {
        assertEquals(ROOT + to, path(server.get(ROOT + (from == null ? "" : from))));
    }

    @Test
    void aSessionIsAddressedBelowTheRoot() {
        HttpResponse<byte[]> made = server.call(ROOT + "/library/stats/R/rnorm", "n", "3");
        String session = ROOT + "/tmp/" + header(made, "X-ocpu-session") + "/";
        assertTrue(header(made, "X-ocpu-session").matches("x0[0-9a-f]{32}"), header(made, "X-ocpu-session"));
        assertEquals(session, path(made));
        assertTrue(text(made).lines().allMatch(line -> line.startsWith(session)), text(made));
        assertEquals(200, server.get(session + "R/.val/json").statusCode());
        assertEquals(session + "R/.val/print", path(server.get(session + "R/.val")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/builds", ROOT + "/test/"})
    void pagesLinkOnlyToWhatIsThere(String page) {
        String html = text(server.get(page));
        Matcher links = Pattern.compile("(?:href|src)=\"(/[^\"]*)\"").matcher(html);
        while (links.find()) {
            HttpResponse<byte[]> target = server.get(links.group(1));
            assertTrue(target.statusCode() < 400, page + " links to " + links.group(1) + ": " + target.statusCode());
        }
        assertTrue(!html.contains("\"/ocpu"), html);
    }

    @Test
    void theDefaultRootAnswersNothing() {
        assertEquals(404, server.get("/ocpu/library/").statusCode());
    }

    @Test
    void whatIsSwitchedOffIs403AndNamesTheSetting() {
        for (String path :
                new String[] {"/user", "/user/", "/user/root/library/", "/user/root/library/MASS/R/rlm/json"}) {
            HttpResponse<byte[]> off = server.get(ROOT + path);
            assertEquals(403, off.statusCode(), path);
            assertTrue(text(off).contains("enable.api.user"), text(off));
        }
        assertEquals(
                403, server.form(ROOT + "/user/root/library/MASS/R/rlm", "x=1").statusCode());
    }

    @Test
    void everyPartOfTheApiCanBeSwitchedOff() {
        Map<String, String> parts = Map.of(
                "library", "/library/MASS/R/rlm",
                "apps", "/apps/demo/hello/R/greet",
                "user", "/user/root/library/MASS/R/rlm",
                "cran", "/cran/ggplot2/R/qplot",
                "bioc", "/bioc/limma/R/lmFit",
                "gist", "/gist/ada/0a1b/run.R",
                "repo", "/repo/src/contrib/demo/hello/hello_1.0.tar.gz",
                "tmp", "/tmp/x0123456789abcdef/R/.val");
        Map<String, String> off = new HashMap<>();
        parts.keySet().forEach(part -> off.put("enable.api." + part, "false"));
        try (TestServer none = new TestServer(directory.resolve("off"), off)) {
            parts.forEach((part, path) -> {
                for (HttpResponse<byte[]> refused : List.of(
                        none.get("/ocpu/" + part),
                        none.get("/ocpu/" + part + "/"),
                        none.get("/ocpu" + path + "/json"),
                        none.form("/ocpu" + path, "x=1"))) {
                    assertEquals(403, refused.statusCode(), text(refused));
                    assertTrue(text(refused).contains("enable.api." + part), text(refused));
                }
            });
            assertEquals(403, none.get("/ocpu/github/demo/hello/info").statusCode());
            assertEquals(200, none.get("/ocpu/info").statusCode());
            assertEquals(200, none.get("/ocpu/test/").statusCode());
        }
    }

    @Test
    void pagesOfOtherSitesAreNotInvited() {
        HttpResponse<byte[]> get = server.get(ROOT + "/info", "Origin", "https://example.org");
        HttpResponse<byte[]> options =
                server.send(server.request(ROOT + "/info").method("OPTIONS", BodyPublishers.noBody()));
        for (HttpResponse<byte[]> answer : List.of(get, options)) {
            assertTrue(
                    answer.headers().map().keySet().stream().noneMatch(name -> name.startsWith("access-control-")),
                    answer.headers().toString());
        }
    }

    private static HttpResponse<byte[]> identity(String x) {
        return server.call(ROOT + "/library/base/R/identity/json", "x", x);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | [1]",
                "-5 | [-5]",
                "1e3 | [1000]",
                "TRUE | [true]",
                "true | [true]",
                "null | {}",
                "\"a b\" | [\"a b\"]",
                "[1,2] | [1, 2]",
                "base::pi | [3.1416]",
            })
    void withoutPostedCodeValuesAndNamesPass(String argument, String value) {
        HttpResponse<byte[]> made = identity(argument);
        assertEquals(201, made.statusCode(), text(made));
        assertEquals(value, text(made));
    }

    @Test
    void withoutPostedCodeKeysPass() {
        String key = header(server.call(ROOT + "/library/stats/R/rnorm", "n", "3"), "X-ocpu-session");
        for (String x : new String[] {key, key + "::.val"}) {
            assertEquals("[3]", text(server.call(ROOT + "/library/base/R/length/json", "x", x)));
        }
        assertEquals("[6]", text(server.call(ROOT + "/library/base/R/sum/json", "...", "1, 2, 3")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 + 1",
                "c(1, 2)",
                "{1}",
                "(1)",
                "-pi",
                "a <- 1",
                "a = 1",
                "1; 2",
                "1\n2",
                "function() 1",
                "~x",
                "base:::pi",
                "base::pi()",
                "Sys.getenv()",
                "`system`('id')",
                "x$y",
                "if (TRUE) 1",
            })
    void withoutPostedCodeCodeIsRefusedWithTheSettingsName(String code) {
        HttpResponse<byte[]> refused = identity(code);
        assertEquals(400, refused.statusCode(), text(refused));
        assertTrue(text(refused).contains("enable.post.code"), text(refused));
        HttpResponse<byte[]> part =
                new MultipartBody().field("x", code).post(server, ROOT + "/library/base/R/identity");
        assertEquals(400, part.statusCode(), text(part));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1), system('id'", "1, system('id')", "a = {1}", "b = c(1)", "1; 2", "-pi", "function() 1"})
    void withoutPostedCodeCodeAmongUnnamedArgumentsIsRefused(String dots) {
        HttpResponse<byte[]> refused = server.call(ROOT + "/library/base/R/list", "...", dots);
        assertEquals(400, refused.statusCode(), text(refused));
    }
}
