package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of address of an app, of one of several packages of a repository, and of their previews. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class AppAddressesIT {
    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(directory.resolve("data"), Map.of());
        publish("tiny", "\"repo\" : \"Tiny\"");
        publish("tiny:calc", "\"repo\" : \"Tiny\", \"part\" : \"calc\"");
        publish("tiny@feature~x", "\"repo\" : \"Tiny\", \"preview\" : \"feature~x\"");
        publish("tiny:calc@pr-7", "\"repo\" : \"Tiny\", \"part\" : \"calc\", \"preview\" : \"pr-7\"");
        publish("parts:one", "\"repo\" : \"Parts\", \"part\" : \"one\"");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** An app in which all says that name; built as another one and moved. */
    private static void publish(String name, String names) throws Exception {
        Path source = Files.createTempDirectory(directory, "source");
        Map<String, String> files = new HashMap<>(Map.of(
                "inst/www/index.html",
                "<h1>%s</h1>\n",
                "inst/www/info",
                "file info of %s\n",
                "inst/www/man/x.txt",
                "file of %s\n",
                "inst/www/data/a b+c.txt",
                "odd name of %s\n",
                "inst/scripts/who.R",
                "cat('script of %s')\n",
                "inst/scripts/R/deep.R",
                "cat('script of %s')\n",
                "inst/top.R",
                "cat('script of %s')\n",
                "man/answer.Rd",
                "\\name{answer}\n\\alias{answer}\n\\title{Answer of %s}\n\\description{It says so.}\n",
                "data/set.csv",
                "x\n%s\n"));
        files.replaceAll((file, text) -> text.formatted(name));
        SourcePackage.write(source, "answer <- function(x = 0) '%s'\n".formatted(name), files);
        server.publish("Ada", "Moved", source);
        Path apps = server.data.path().resolve("apps/ada");
        Path about = apps.resolve("moved/current/app.json");
        Files.writeString(about, Files.readString(about).replace("\"repo\" : \"Moved\"", names));
        Files.move(apps.resolve("moved"), apps.resolve(name));
    }

    @ParameterizedTest
    @CsvSource({
        "/ocpu/apps/Ada/Tiny, tiny",
        "/ocpu/apps/ada/tiny/Calc, tiny:calc",
        "/ocpu/apps/Ada/Tiny@feature~x, tiny@feature~x",
        "/ocpu/apps/Ada/Tiny%40feature%7Ex, tiny@feature~x",
        "/ocpu/apps/Ada/Tiny/calc@pr-7, tiny:calc@pr-7",
        "/ocpu/apps/Ada/Parts/one, parts:one"
    })
    void allOfAPackageIsThere(String base, String name) {
        for (var expected : Map.ofEntries(
                        Map.entry("/info", "Tiny"),
                        Map.entry("/R/", "answer"),
                        Map.entry("/R/answer/print", name),
                        Map.entry("::answer/print", name),
                        Map.entry("/data/", "set"),
                        Map.entry("/data/set/csv", name),
                        Map.entry("/man/", "answer"),
                        Map.entry("/man/answer/text", name),
                        Map.entry("/html/", "answer"),
                        Map.entry("/html/answer.html", name),
                        Map.entry("/DESCRIPTION", "tinypkg"),
                        Map.entry("/scripts/", "who.R"),
                        Map.entry("/www/", "<h1>" + name),
                        Map.entry("/www/index.html", "<h1>" + name),
                        Map.entry("/www/info", "file info of " + name),
                        Map.entry("/www/man/x.txt", "file of " + name),
                        Map.entry("/www/data/a%20b+c.txt", "odd name of " + name))
                .entrySet()) {
            HttpResponse<byte[]> answer = server.get(base + expected.getKey());
            assertEquals(200, answer.statusCode(), expected.getKey());
            assertTrue(text(answer).contains(expected.getValue()), expected.getKey() + ": " + text(answer));
            assertEquals(200, server.head(base + expected.getKey()).statusCode(), "HEAD " + expected.getKey());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/ocpu/apps/Ada/Tiny, tiny",
        "/ocpu/github/Ada/Tiny, tiny",
        "/ocpu/apps/Ada/Tiny/calc, tiny:calc",
        "/ocpu/github/Ada/Tiny/calc, tiny:calc",
        "/ocpu/apps/Ada/Tiny@feature~x, tiny@feature~x",
        "/ocpu/apps/Ada/Tiny/calc@pr-7, tiny:calc@pr-7"
    })
    void itsFunctionsAndScriptsRun(String base, String name) {
        for (String function : List.of("/R/answer/json", "::answer/json")) {
            HttpResponse<byte[]> answer = server.call(base + function, "x", "1");
            assertEquals("201 [\"" + name + "\"]", answer.statusCode() + " " + text(answer), function);
        }
        assertEquals(201, server.call(base + "/R/answer").statusCode());
        assertEquals(201, server.call(base + "::answer").statusCode());
        for (String script : List.of("/scripts/who.R", "/scripts/R/deep.R", "/top.R")) {
            HttpResponse<byte[]> made = server.call(base + script);
            assertEquals(201, made.statusCode(), script + ": " + text(made));
            String stdout = "/ocpu/tmp/" + header(made, "X-ocpu-session") + "/stdout/text";
            assertEquals("script of " + name, text(server.get(stdout)), script);
        }
        assertEquals(405, server.call(base + "/info").statusCode());
        assertEquals(405, server.call(base + "/data/set").statusCode());
        assertEquals(404, server.call(base + "/scripts/none.R").statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "'', /www/",
        "/, /www/",
        "/R, /R/",
        "/R/answer, /R/answer/print",
        "::answer, ::answer/print",
        "/man/answer, /man/answer/text",
        "/www, /www/",
        "/scripts, /scripts/",
        "/scripts/R, /scripts/R/"
    })
    void shortAddressesLeadOn(String from, String to) {
        for (String base :
                List.of("/ocpu/apps/Ada/Tiny", "/ocpu/apps/Ada/Tiny/calc", "/ocpu/apps/Ada/Tiny@feature~x")) {
            HttpResponse<byte[]> answer = server.get(base + from);
            while (answer.statusCode() == 302 && !header(answer, "Location").endsWith(base + to)) {
                String next = header(answer, "Location");
                answer = server.get(next.substring(next.indexOf("/ocpu")));
            }
            assertEquals(302, answer.statusCode(), base + from + ": " + text(answer));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Tiny/none/",
                "Tiny/none/R/answer/print",
                "Tiny/none::answer/print",
                "Tiny:calc/R/answer/print",
                "Tiny@feature~x/calc/R/answer/print",
                "Tiny@none/R/answer/print",
                "Tiny/calc@none/R/answer/print",
                "Tiny/../Tiny:calc/R/answer/print",
                "Parts/R/answer/print",
                "Parts/one/none",
                "Parts/"
            })
    void whatIsNotThereIs404(String path) {
        HttpResponse<byte[]> answer = server.get("/ocpu/apps/Ada/" + path);
        assertEquals(404, answer.statusCode(), text(answer));
        server.assertTellsNothing(text(answer));
    }

    @Test
    void listsHavePartsButNoPreviews() {
        assertEquals("Parts/one\nTiny\nTiny/calc", text(server.get("/ocpu/apps/Ada/")));
        assertEquals("Ada/Parts/one\nAda/Tiny\nAda/Tiny/calc", text(server.get("/ocpu/apps/")));
        assertEquals(200, server.get("/").statusCode());
        assertEquals(5, server.server.builds().apps().size());
    }
}
