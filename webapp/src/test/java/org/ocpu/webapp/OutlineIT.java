package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** What packages have, in the JSON API, and the snippets of an app's page, run as they are pasted. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OutlineIT {
    private static final String PACKAGES = "/api/v1/packages";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(
                directory.resolve("data"),
                Map.of(
                        "enable.api.user",
                        "false",
                        "auth.apps.ocpu/closed",
                        "basic ada:" + SecretHash.ofPassword("secret").text()));
        server.publish("ocpu", "hello", Path.of("src/main/samples/hello"));
        TestRepository sources = new TestRepository(directory.resolve("sources"));
        server.publish("ocpu", "closed", sources.source("closed", "1.0", "", "f <- function(x) x\n", Map.of()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode get(String path) throws Exception {
        HttpResponse<byte[]> answer = server.get(PACKAGES + path);
        assertEquals(200, answer.statusCode(), text(answer));
        assertEquals("application/json", header(answer, "Content-Type"));
        return JSON.readTree(answer.body());
    }

    private static JsonNode named(JsonNode all, String name) {
        for (JsonNode one : all) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError(name + " is not in " + all);
    }

    @Test
    void aPackageOfTheLibraryIsToldWithItsFunctions() throws Exception {
        JsonNode stats = get("/library/stats");
        assertEquals("library/stats", stats.path("path").asText());
        JsonNode rnorm = named(stats.path("functions"), "rnorm");
        assertEquals("The Normal Distribution", rnorm.path("title").asText());
        assertEquals("0", rnorm.path("arguments").get(1).path("default").asText());
        assertTrue(get("/library/base").path("functions").size() > 800);
    }

    @Test
    void anAppIsToldWithItsFunctionsAndData() throws Exception {
        JsonNode hello = get("/apps/ocpu/Hello");
        assertEquals("apps/ocpu/hello", hello.path("path").asText());
        assertEquals(3, hello.path("functions").size());
        assertEquals(8, named(hello.path("data"), "planets").path("rows").asInt());
        JsonNode histogram = get("/apps/ocpu/hello/functions/histogram");
        assertTrue(histogram.path("draws").asBoolean());
        assertEquals("500", named(histogram.path("example"), "n").path("value").asText());
        JsonNode head = get("/apps/ocpu/hello/data/planets").path("head");
        assertEquals("Mercury", head.path("rows").get(0).get(0).asText());
    }

    @Test
    void operatorsAreAskedForByTheirNamesToo() throws Exception {
        for (String name : List.of("%25in%25", "%2F", "%25%2F%25", "names%3C-", "if", "%5B")) {
            assertFalse(
                    get("/library/base/functions/" + name)
                            .path("usage")
                            .asText()
                            .isEmpty(),
                    name);
        }
    }

    @Test
    void whatHasNotChangedIsNotSentAgain() throws Exception {
        String etag = header(server.get(PACKAGES + "/library/stats"), "ETag");
        HttpResponse<byte[]> again =
                server.send(server.request(PACKAGES + "/library/stats").header("If-None-Match", etag));
        assertEquals(304, again.statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "/library/nosuch,404,Package nosuch is not installed",
        "/library/stats/functions/nosuch,404,has no function 'nosuch'",
        "/library/base/functions/letters,404,has no function 'letters'",
        "/library/stats/data/women,404,has no data set 'women'",
        "/apps/ocpu/nosuch,404,not installed",
        "/apps/ocpu/hello/part,404,There is no app ocpu/hello/part",
        "/apps/ocpu/hello/part/functions/x,404,There is no app ocpu/hello/part",
        "/cran/nosuch,404,not installed in cran",
        "/user/root/library/x,403,enable.api.user",
        "/apps/ocpu/closed,401,needs a password",
        "/apps/ocpu/closed/functions/f,401,needs a password"
    })
    void whatIsNotThereOrNotForEverybodyIsSaid(String path, int status, String detail) throws Exception {
        HttpResponse<byte[]> answer = server.get(PACKAGES + path);
        assertEquals(status, answer.statusCode(), text(answer));
        assertTrue(JSON.readTree(answer.body()).path("detail").asText().contains(detail), text(answer));
        server.assertTellsNothing(text(answer));
    }

    @Test
    void theSnippetsOfThePageWorkAsTheyArePasted() throws Exception {
        Outline outline = Outline.of(JSON.readTree("{\"functions\":[" + get("/apps/ocpu/hello/functions/greet") + ","
                + get("/apps/ocpu/hello/functions/histogram") + "]}"));
        String home = server.address() + "/ocpu/apps/ocpu/hello/";
        Map<String, List<String>> programs = Map.of(
                "curl", List.of("sh", "-c"),
                "R", List.of("Rscript", "-e"),
                "Python", List.of("python3", "-c"));
        for (Outline.Callable function : outline.functions()) {
            for (Snippet.Code code : Snippet.of(home, function).all()) {
                if (programs.containsKey(code.language())) {
                    Path place = Files.createDirectory(directory.resolve(function.name() + code.language()));
                    String said = run(place, programs.get(code.language()), code.text());
                    if (function.draws()) {
                        byte[] plot = Files.readAllBytes(place.resolve("histogram.png"));
                        assertEquals("PNG", new String(plot, 1, 3, java.nio.charset.StandardCharsets.US_ASCII), said);
                    } else {
                        assertTrue(said.contains("Hello, Ada!"), code.language() + ": " + said);
                    }
                }
            }
        }
    }

    private static String run(Path place, List<String> program, String code) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program.get(0), program.get(1), code)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    @Test
    void thePageOfAnAppIsForThoseWhoMayUseIt() throws Exception {
        assertEquals(401, server.get("/apps/ocpu/closed").statusCode());
        assertEquals(404, server.get("/apps/ocpu/nosuch").statusCode());
        server.awaitOutline("ocpu/hello");
        HttpResponse<byte[]> page = server.get("/apps/ocpu/hello");
        assertEquals(200, page.statusCode());
        assertTrue(text(page).contains("id=\"fun-greet\""), text(page));
    }
}
