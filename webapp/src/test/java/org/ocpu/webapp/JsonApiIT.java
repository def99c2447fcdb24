package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Ticker;
import io.javalin.Javalin;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.builder.LogListener;
import org.ocpu.builder.LogSubscription;
import org.ocpu.builder.State;
import org.w3c.dom.Element;

/** The JSON API, badges and feeds of a server with two versions of an app and a push that failed. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class JsonApiIT {
    private static final String API = "/api/v1";
    private static final String APP = API + "/apps/Ada/tiny";

    @TempDir
    static Path directory;

    private static TestServer server;
    private static String token;
    private static long first;
    private static long second;
    private static long failed;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(
                directory.resolve("data"), Map.of("builds.parallel", "1", "public.url", "https://r.example.org/"));
        token = new AdminToken(server.data).renew();
        first = built("Ada", "tiny", "1.0", "answer <- function() 1\n", State.SUCCEEDED);
        second = built("Ada", "tiny", "2.0", "answer <- function() 2\n", State.SUCCEEDED);
        failed = built("Ada", "broken", "1.0", "answer <- function( 3\n", State.FAILED);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static long push(String owner, String repo, String version, String code) throws IOException {
        Path source = directory.resolve(owner + "-" + repo);
        return server.push(owner, repo, SmallPackage.write(source, version, code));
    }

    private static long built(String owner, String repo, String version, String code, State state) throws Exception {
        long build = push(owner, repo, version, code);
        assertEquals(state, server.finished(build).state());
        return build;
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    private static JsonNode get(String path) throws IOException {
        HttpResponse<byte[]> answer = server.get(path);
        assertEquals(200, answer.statusCode(), path + ": " + text(answer));
        return json(answer);
    }

    private static HttpResponse<byte[]> post(String path, String body) {
        return server.send(server.request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<byte[]> delete(String path) {
        return server.send(
                server.request(path).header("Authorization", "Bearer " + token).DELETE());
    }

    /** An error is a problem whose detail says that. */
    private static void assertProblem(int status, String detail, HttpResponse<byte[]> answer) throws IOException {
        assertEquals(status, answer.statusCode(), text(answer));
        assertEquals("application/problem+json;charset=utf-8", header(answer, "Content-Type"), text(answer));
        JsonNode problem = json(answer);
        assertEquals(status, problem.path("status").asInt(), text(answer));
        assertFalse(problem.path("title").asText().isEmpty(), text(answer));
        assertTrue(problem.path("detail").asText().contains(detail), "no '" + detail + "' in " + text(answer));
        server.assertTellsNothing(text(answer));
    }

    private static List<Long> numbers(JsonNode builds) {
        List<Long> numbers = new ArrayList<>();
        builds.forEach(build -> numbers.add(build.path("build").asLong()));
        return numbers;
    }

    @Test
    void buildsAreListedNewestFirstByOwnerAppAndState() throws Exception {
        assertEquals(List.of(second, first), numbers(get(API + "/builds?app=ada/TINY&state=succeeded")));
        assertEquals(List.of(failed), numbers(get(API + "/builds?owner=ADA&state=failed")));
        assertEquals(List.of(first), numbers(get(API + "/builds?app=Ada/tiny&before=" + second)));
        assertEquals(List.of(), numbers(get(API + "/builds?owner=nobody")));
        assertEquals(List.of(second, first), numbers(get(APP + "/builds")));
    }

    @Test
    void aPageLinksToTheNextAndTheLastToNone() throws Exception {
        HttpResponse<byte[]> page = server.get(API + "/builds?app=Ada%2Ftiny&limit=1");
        assertEquals(List.of(second), numbers(json(page)));
        String link = header(page, "Link");
        assertTrue(link.matches("<(.*)>; rel=\"next\""), link);
        HttpResponse<byte[]> last = server.get(link.replaceAll("<(.*)>.*", "$1"));
        assertEquals(List.of(first), numbers(json(last)), link);
        assertEquals("", header(last, "Link"));
        assertEquals("", header(server.get(API + "/builds?app=Ada%2Ftiny&limit=2"), "Link"));
    }

    @Test
    void badParametersAreToldByName() throws Exception {
        for (String query :
                List.of("limit=0", "limit=201", "limit=x", "before=-1", "state=lost", "app=ada", "sate=failed")) {
            assertProblem(400, query.replaceAll("=.*", ""), server.get(API + "/builds?" + query));
        }
    }

    @Test
    void aBuildHasItsStagesItsLogAndItsEvents() throws Exception {
        JsonNode build = get(API + "/builds/" + first);
        assertEquals("Ada/tiny", build.path("app").asText());
        assertEquals("succeeded", build.path("state").asText());
        assertEquals("1.0", build.path("version").asText());
        String log = text(server.get(API + "/builds/" + first + "/log"));
        assertTrue(log.contains("the package loads"), log);
        HttpResponse<byte[]> part = server.get(API + "/builds/" + first + "/log", "Range", "bytes=0-9");
        assertEquals(206, part.statusCode());
        assertEquals(log.substring(0, 10).strip(), text(part));
        String events = text(server.get(API + "/builds/" + first + "/events", "Accept", "text/event-stream"));
        assertTrue(events.contains("event: state") && events.contains("event: end"), events);
        HttpResponse<byte[]> notAsked = server.get(API + "/builds/" + first + "/events");
        assertEquals(406, notAsked.statusCode());
        assertTrue(text(notAsked).contains("Accept: text/event-stream"), text(notAsked));
    }

    @Test
    void aLogIsAlsoFoundWhereItOnceWas() {
        HttpResponse<byte[]> moved = server.get("/builds/" + first + "/log");
        assertEquals(302, moved.statusCode(), text(moved));
        assertEquals(API + "/builds/" + first + "/log", header(moved, "Location"));
        assertEquals(404, server.get("/builds/" + first + "/events").statusCode());
    }

    @Test
    void whatIsNotThereIs404WithAReason() throws Exception {
        assertProblem(404, "/builds/999999", server.get(API + "/builds/999999"));
        assertProblem(404, "", server.get(API + "/builds/x"));
        assertProblem(404, "", server.get(API + "/builds/999999/log"));
        assertProblem(404, "Ada/none", server.get(API + "/apps/Ada/none"));
        assertProblem(404, "no such app", server.get(API + "/apps/Ada/r@a@b"));
        assertProblem(404, "/api/v1/nothing", server.get(API + "/nothing"));
        assertProblem(404, "999999", post(API + "/builds/999999/rebuild", ""));
        assertProblem(404, "999999", post(API + "/builds/999999/cancel", ""));
        assertProblem(404, "No mail 12", post(API + "/outbox/12/resend", ""));
        assertProblem(404, "Ada/none", post(API + "/apps/Ada/none/rebuild", ""));
        assertProblem(404, "Ada/none", post(API + "/apps/Ada/none/rollback", "{}"));
        assertProblem(404, "Ada/none", delete(API + "/apps/Ada/none"));
        assertProblem(405, "POST", post(API + "/apps", ""));
    }

    @Test
    void appsAreListedWithTheirLiveVersionAndShownWithAll() throws Exception {
        JsonNode apps = get(API + "/apps");
        JsonNode tiny = null;
        for (JsonNode app : apps) {
            tiny = app.path("app").asText().equals("Ada/tiny") ? app : tiny;
        }
        assertEquals("tinypkg", tiny.path("package").asText(), apps.toString());
        assertEquals(second, tiny.path("live").path("build").asLong(), apps.toString());
        assertEquals("/ocpu/apps/Ada/tiny/", tiny.path("url").asText());
        JsonNode whole = get(API + "/apps/ada/TINY");
        assertEquals(List.of(second, first), numbers(whole.path("versions")), whole.toString());
    }

    @Test
    void aVersionComesBackByItsBuildAndByNone() throws Exception {
        long one = built("Ada", "back", "1.0", "answer <- function() 1\n", State.SUCCEEDED);
        long two = built("Ada", "back", "2.0", "answer <- function() 2\n", State.SUCCEEDED);
        String app = API + "/apps/Ada/back";
        String call = "/ocpu/apps/Ada/back/R/answer/json";
        assertEquals("[2]", text(server.form(call, "")));
        assertEquals(
                one,
                json(post(app + "/rollback", "")).path("live").path("build").asLong());
        assertEquals("[1]", text(server.form(call, "")));
        HttpResponse<byte[]> forth = post(app + "/rollback", "{\"version\": " + two + "}");
        assertEquals(200, forth.statusCode(), text(forth));
        assertEquals(two, json(forth).path("live").path("build").asLong());
        assertEquals("[2]", text(server.form(call, "")));
        assertProblem(409, "", post(app + "/rollback", "{\"version\": " + two + "}"));
        assertProblem(404, "999999", post(app + "/rollback", "{\"version\": 999999}"));
        for (String bad : List.of("{\"version\": \"1\"}", "{\"version\": 1.5}", "{\"build\": 1}", "[]", "{", "{} {}")) {
            assertProblem(400, "", post(app + "/rollback", bad));
        }
    }

    @Test
    void aBuildIsBuiltAgainByItsNumberAndByItsApp() throws Exception {
        long before = built("Ada", "again", "1.0", "answer <- function() 1\n", State.SUCCEEDED);
        for (String path : List.of("/builds/" + before, "/apps/Ada/again")) {
            HttpResponse<byte[]> answer = post(API + path + "/rebuild", "");
            assertEquals(202, answer.statusCode(), text(answer));
            long again = json(answer).path("build").asLong();
            assertTrue(again > before, text(answer));
            assertEquals(API + "/builds/" + again, header(answer, "Location"));
            assertEquals(State.SUCCEEDED, server.finished(again).state());
        }
    }

    @Test
    void aWaitingBuildCanBeCancelledAndAFinishedOneCannot() throws Exception {
        long running = push("Ada", "slow", "1.0", "Sys.sleep(5)\n");
        long waiting = push("Bob", "slow", "1.0", "answer <- function() 1\n");
        HttpResponse<byte[]> answer = post(API + "/builds/" + waiting + "/cancel", "");
        assertEquals(202, answer.statusCode(), text(answer));
        assertEquals("cancelled", json(answer).path("state").asText());
        assertEquals(State.CANCELLED, server.finished(waiting).state());
        assertProblem(409, "", post(API + "/builds/" + waiting + "/cancel", ""));
        assertTrue(text(server.get("/builds/" + waiting, "Accept", "text/html")).contains("data-state=\"cancelled\""));
        assertEquals(State.SUCCEEDED, server.finished(running).state());
    }

    @Test
    void aRunningBuildCanBeCancelled() throws Exception {
        long running = push("Ada", "endless", "1.0", "Sys.sleep(600)\n");
        CountDownLatch begun = new CountDownLatch(1);
        LogSubscription following = server.server.builds().follow(running, 0, new LogListener() {
            @Override
            public void line(long number, String text) {
                if (text.contains("package tinypkg 1.0")) {
                    begun.countDown();
                }
            }

            @Override
            public void end() {}
        });
        assertTrue(begun.await(1, TimeUnit.MINUTES), "the build did not begin");
        following.close();
        assertTrue(text(server.get("/ocpu/apps/Ada/endless/badge.svg")).contains("Ada/endless: building"));
        assertEquals(202, post(API + "/builds/" + running + "/cancel", "").statusCode());
        assertEquals(State.CANCELLED, server.finished(running).state());
        assertEquals(404, server.get("/ocpu/apps/Ada/endless/badge.svg").statusCode());
    }

    @Test
    void aRemovedAppIsGoneAtOnceAndItsBadgeUnknown() throws Exception {
        built("Ada", "gone", "1.0", "answer <- function() 1\n", State.SUCCEEDED);
        HttpResponse<byte[]> removed = delete(API + "/apps/Ada/gone");
        assertEquals(204, removed.statusCode(), text(removed));
        assertEquals(404, server.get("/ocpu/apps/Ada/gone/info").statusCode());
        assertProblem(404, "Ada/gone", server.get(API + "/apps/Ada/gone"));
        HttpResponse<byte[]> badge = server.get("/ocpu/apps/Ada/gone/badge.svg");
        assertEquals(404, badge.statusCode());
        assertEquals("Ada/gone: unknown", Xml.text(Xml.parse(badge.body()), "title"));
    }

    @Test
    void changesNeedTheAdminTokenAndDeliveriesDoToo() throws Exception {
        for (String path : List.of(
                "/builds/" + first + "/rebuild",
                "/builds/" + first + "/cancel",
                "/apps/Ada/tiny/rebuild",
                "/apps/Ada/tiny/rollback")) {
            assertRefused("POST", path);
        }
        assertGuessesAreRefused("POST", "/apps/Ada/tiny/rebuild");
        assertRefused("DELETE", "/apps/Ada/tiny");
        assertRefused("DELETE", "/apps/Ada/tiny/part");
        assertRefused("GET", "/deliveries");
        assertRefused("GET", "/outbox");
        assertRefused("POST", "/outbox/20260102T120000000Z-0123abcd/resend");
        assertEquals(List.of(second, first), numbers(get(APP + "/builds")), "nothing was built");
        assertEquals(second, get(APP).path("live").path("build").asLong(), "nothing was changed");
    }

    private static void assertRefused(String method, String path) throws IOException {
        HttpResponse<byte[]> missing = server.send(server.request(API + path).method(method, BodyPublishers.noBody()));
        assertProblem(401, "./ocpu token", missing);
        assertEquals("Bearer realm=\"ocpu\"", header(missing, "WWW-Authenticate"));
        assertProblem(
                401,
                "Bearer",
                server.send(server.request(API + path)
                        .header("Authorization", "Basic YTpi")
                        .method(method, BodyPublishers.noBody())));
    }

    /** Only a few times: who guesses is soon not heard any more. */
    private static void assertGuessesAreRefused(String method, String path) throws IOException {
        for (String wrong : List.of("Bearer " + token + "x", "bearer x")) {
            assertProblem(
                    403,
                    "not the admin token",
                    server.send(server.request(API + path)
                            .header("Authorization", wrong)
                            .method(method, BodyPublishers.noBody())));
        }
    }

    @Test
    void deliveriesTellWhatTheyLedTo() throws Exception {
        HttpResponse<byte[]> answer = server.send(server.request(API + "/deliveries?limit=200")
                .header("Authorization", "bearer " + token)
                .GET());
        assertEquals(200, answer.statusCode(), text(answer));
        JsonNode deliveries = json(answer);
        JsonNode oldest = deliveries.get(deliveries.size() - 1);
        assertEquals(first, oldest.at("/builds/0").asLong(), text(answer));
        assertEquals(202, oldest.path("status").asInt(), text(answer));
    }

    @Test
    void aBadgeTellsWhetherAnAppPassesAndAsksToBeAskedAgain() throws Exception {
        HttpResponse<byte[]> passing = server.get("/ocpu/apps/ada/tiny/badge.svg");
        assertEquals(200, passing.statusCode(), text(passing));
        assertEquals("image/svg+xml;charset=utf-8", header(passing, "Content-Type"));
        assertEquals("no-cache", header(passing, "Cache-Control"));
        assertEquals("ada/tiny: passing 2.0", Xml.text(Xml.parse(passing.body()), "title"));
        assertEquals(
                304,
                server.get("/ocpu/apps/ada/tiny/badge.svg", "If-None-Match", header(passing, "ETag"))
                        .statusCode());
        Element failing =
                Xml.parse(server.get("/ocpu/apps/Ada/broken/badge.svg").body());
        assertEquals("Ada/broken: failing", Xml.text(failing, "title"));
        for (String unknown : List.of("Ada/none", "Ada/tiny/part", "Ada/tiny@preview", "Ada/tiny/part@preview")) {
            HttpResponse<byte[]> badge = server.get("/ocpu/apps/" + unknown + "/badge.svg");
            assertEquals(404, badge.statusCode());
            assertEquals(unknown + ": unknown", Xml.text(Xml.parse(badge.body()), "title"));
        }
    }

    @Test
    void anOwnersBuildsAreAFeedWithAddressesOfTheServersPublicSite() throws Exception {
        HttpResponse<byte[]> answer = server.get("/ocpu/apps/ada/builds.atom");
        assertEquals(200, answer.statusCode(), text(answer));
        assertEquals("application/atom+xml;charset=utf-8", header(answer, "Content-Type"));
        Element feed = Xml.parse(answer.body());
        assertEquals("https://r.example.org/ocpu/apps/Ada/builds.atom", Xml.text(feed, "id"));
        List<String> entries = Xml.children(feed, "entry").stream()
                .map(entry -> Xml.text(entry, "id") + " " + Xml.text(entry, "title"))
                .toList();
        assertTrue(
                entries.contains("https://r.example.org/builds/" + first + " Ada/tiny 1.0 succeeded"),
                entries::toString);
        assertTrue(
                entries.contains("https://r.example.org/builds/" + failed + " Ada/broken 1.0 failed"),
                entries::toString);
        assertEquals(404, server.get("/ocpu/apps/nobody/builds.atom").statusCode());
    }

    @Test
    void theDescriptionNamesEveryAddressOfTheApiAndNoOther() throws Exception {
        HttpResponse<byte[]> answer = server.get(API + "/openapi.json");
        assertEquals("application/json", header(answer, "Content-Type"));
        JsonNode description = json(answer);
        Set<String> described = new TreeSet<>();
        description.path("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                    }
                }));
        assertEquals(routes(), described);
    }

    private static Set<String> routes() {
        try (Health health = new Health(List::of);
                AppOutlines outlines = new AppOutlines(server.server.rpc())) {
            return routes(new Routes.Modules(
                    server.server.rpc(),
                    server.server.builds(),
                    server.server.outbox(),
                    health,
                    new RunningRequests(null),
                    outlines,
                    new Observed(null, null, null, List.of(), null)));
        }
    }

    private static Set<String> routes(Routes.Modules modules) {
        WebConfig config = WebConfig.from(Map.of());
        Guesses guesses = new Guesses(Ticker.systemTicker());
        AdminGuard admin = new AdminGuard(new AdminToken(server.data), guesses, true);
        Answers answers = new Answers(modules.rpc(), config);
        Javalin javalin = Javalin.create(javalinConfig -> new Routes(
                        modules,
                        config,
                        new Routes.Access(
                                AccessConfig.from(Map.of()).pages(),
                                admin,
                                new ReaderGuard(AccessRules.from(Map.of()), admin, guesses)),
                        answers,
                        new Frame(config.root(), true, true))
                .register(javalinConfig));
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(parsed -> parsed.endpoint)
                .filter(endpoint -> endpoint.path.startsWith(API + "/"))
                .filter(endpoint ->
                        !Set.of(HandlerType.HEAD, HandlerType.BEFORE).contains(endpoint.method))
                .map(endpoint -> endpoint.method.name() + " " + endpoint.path.substring(API.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyReferenceInTheDescriptionLeadsSomewhereAndBuildsHaveWhatItSays() throws Exception {
        JsonNode description = get(API + "/openapi.json");
        for (JsonNode reference : description.findValues("$ref")) {
            String pointer = reference.asText().substring(1);
            assertFalse(description.at(pointer).isMissingNode(), pointer);
        }
        JsonNode schemas = description.path("components").path("schemas");
        assertMatches(schemas.path("Build"), get(API + "/builds/" + failed));
        assertMatches(
                schemas.path("Stage"),
                get(API + "/builds/" + failed).path("stages").get(0));
        assertMatches(schemas.path("App"), get(API + "/apps").get(0));
        assertMatches(schemas.path("Version"), get(APP).path("versions").get(0));
        Set<String> states = new TreeSet<>();
        schemas.path("State")
                .path("enum")
                .forEach(state -> states.add(state.asText().toUpperCase(java.util.Locale.ROOT)));
        assertEquals(
                java.util.Arrays.stream(State.values()).map(State::name).collect(Collectors.toCollection(TreeSet::new)),
                states);
    }

    @Test
    void theDescriptionSaysWhereAccessIsRefused() throws Exception {
        JsonNode paths = get(API + "/openapi.json").path("paths");
        paths.forEach(path -> path.forEach(method -> {
            JsonNode answers = method.path("responses");
            boolean guarded = method.has("security");
            assertTrue(answers.isMissingNode() || (answers.has("429") && answers.has("503")), method::toString);
            assertTrue(!guarded || (answers.has("401") && answers.has("403")), method::toString);
        }));
        JsonNode ofAnApp = paths.path("/apps/{owner}/{repo}").path("get").path("responses");
        assertTrue(ofAnApp.has("401") && ofAnApp.has("403"), ofAnApp::toString);
    }

    /** What is required is there, and nothing that is not described. */
    private static void assertMatches(JsonNode schema, JsonNode value) {
        schema.path("required").forEach(name -> assertTrue(value.has(name.asText()), name + " is not in " + value));
        value.fieldNames()
                .forEachRemaining(name -> assertTrue(schema.path("properties").has(name), name + " is not described"));
    }
}
