package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apps and a library that are not for everybody, on a real server. */
class ReaderGuardIT {
    private static final String TOKEN = SecretHash.token();
    private static final String ADA = basic("ada", "correct horse");
    private static final String BOB = basic("bob", "battery staple");

    @TempDir
    static Path directory;

    private static TestServer server;
    private static Path users;
    private static long build;

    @BeforeAll
    static void publish() throws Exception {
        users = Files.writeString(
                directory.resolve("users"), "# of R's libraries\n" + user("bob", "battery staple") + "\n");
        server = new TestServer(
                directory.resolve("data"),
                Map.of(
                        "auth.apps.Ada",
                                "basic " + user("ada", "correct horse") + ", bearer "
                                        + SecretHash.ofToken(TOKEN).text(),
                        "auth.apps.ada/open", "none",
                        "auth.apps.shy", "basic " + user("ada", "correct horse"),
                        "auth.library", "file:" + users));
        Path source = SmallPackage.write(
                directory.resolve("source"), "1.0", "secret <- function() 42\nstays <- function() 1\n");
        build = server.push("ada", "closed", source);
        assertEquals("succeeded", server.finished(build).state().label());
        server.publish("ada", "open", source);
        server.publish("shy", "closed", source);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String user(String name, String password) {
        return name + ":" + SecretHash.ofPassword(password).text();
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse<byte[]> as(String who, String path) {
        return server.get(path, "Authorization", who);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ocpu/apps/ada/closed/info",
                "/ocpu/apps/ADA/Closed/info",
                "/ocpu/apps/ada/closed/DESCRIPTION",
                "/ocpu//apps/ada//closed/R/",
                "/ocpu/apps/%61da/close%64/R/secret/print",
                "/ocpu/apps/ada/closed::secret/print",
                "/ocpu/apps/ada/closed@branch/info",
                "/ocpu/apps/ada/closed/part/info",
                "/ocpu/apps/ada/closed/www/",
                "/ocpu/apps/ada/closed/badge.svg",
                "/ocpu/apps/ada/missing/info",
                "/ocpu/repo/src/contrib/ada/closed/tinypkg_1.0.tar.gz",
                "/ocpu/repo/ada/src/contrib/closed/tinypkg_1.0.tar.gz",
                "/api/v1/apps/ada/closed",
                "/api/v1/apps/ada/closed/builds",
                "/api/v1/builds/BUILD",
                "/api/v1/builds/BUILD/log",
                "/builds/BUILD",
                "/ocpu/library/",
                "/ocpu/library/MASS/info",
                "/ocpu/lib/MASS/info",
            })
    void whatIsNotForEverybodyNeedsCredentials(String path) {
        HttpResponse<byte[]> refused = server.get(path.replace("BUILD", Long.toString(build)));
        assertEquals(401, refused.statusCode(), text(refused));
        assertTrue(
                header(refused, "WWW-Authenticate").startsWith("Basic realm=\"ocpu "),
                refused.headers().toString());
        assertFalse(text(refused).contains("secret"), text(refused));
    }

    /** Numbers can be counted through, so that a refusal must not name what they stand for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/builds/BUILD",
                "/api/v1/builds/BUILD/log",
                "/api/v1/builds/BUILD/events",
                "/builds/BUILD"
            })
    void theNumberOfABuildDoesNotTellOfWhichAppItIs(String path) {
        HttpResponse<byte[]> refused =
                server.get(path.replace("BUILD", Long.toString(build)), "Accept", "text/event-stream, */*");
        assertEquals(
                List.of("Basic realm=\"ocpu builds\", charset=\"UTF-8\"", "Bearer realm=\"ocpu builds\""),
                refused.headers().allValues("WWW-Authenticate"));
        String told = refused.headers() + text(refused);
        assertFalse(told.toLowerCase(Locale.ROOT).matches("(?s).*(ada|closed|tinypkg).*"), told);
    }

    @Test
    void whoMayNotUseAnyAppOfAnOwnerIsNotToldWhetherThereIsOne() {
        HttpResponse<byte[]> closed = server.get("/ocpu/repo/shy/src/contrib/PACKAGES");
        HttpResponse<byte[]> missing = server.get("/ocpu/repo/nil/src/contrib/PACKAGES");
        assertEquals(404, closed.statusCode(), text(closed));
        assertEquals(text(missing).replace("nil", "shy"), text(closed));
        assertEquals(200, as(ADA, "/ocpu/repo/shy/src/contrib/PACKAGES").statusCode());
        assertTrue(text(server.get("/ocpu/info")).contains("\n1 apps"), text(server.get("/ocpu/info")));
        assertTrue(text(as(ADA, "/ocpu/info")).contains("\n3 apps"), text(as(ADA, "/ocpu/info")));
    }

    @Test
    void callsAndEventsNeedThemToo() {
        for (String path : List.of("/ocpu/apps/ada/closed/R/secret", "/ocpu/github/ada/closed/R/secret/json")) {
            assertEquals(401, server.form(path, "").statusCode());
        }
        assertEquals(
                401,
                server.get("/api/v1/builds/" + build + "/events", "Accept", "text/event-stream")
                        .statusCode());
        assertEquals(401, server.form("/ocpu/library/base/R/identity", "x=1").statusCode());
    }

    @Test
    void whoIsNamedPasses() {
        for (String who : List.of(ADA, "Bearer " + TOKEN, "bearer " + TOKEN)) {
            HttpResponse<byte[]> called = server.send(server.request("/ocpu/apps/ada/closed/R/secret/json")
                    .header("Authorization", who)
                    .POST(BodyPublishers.noBody()));
            assertEquals(201, called.statusCode(), text(called));
            assertEquals("[42]", text(called));
            assertFalse(header(called, "Cache-Control").contains("public"), header(called, "Cache-Control"));
        }
        assertEquals(200, as(BOB, "/ocpu/library/MASS/info").statusCode());
        assertFalse(header(as(BOB, "/ocpu/library/MASS/info"), "Cache-Control").contains("public"));
        assertEquals(200, as(ADA, "/builds/" + build).statusCode());
    }

    @Test
    void whoIsKnownElsewhereIsForbidden() {
        assertEquals(403, as(BOB, "/ocpu/apps/ada/closed/info").statusCode());
        assertEquals(403, as(ADA, "/ocpu/library/MASS/info").statusCode());
    }

    @Test
    void theAdminPasses() {
        String admin = "Bearer " + new AdminToken(server.data).renew();
        assertEquals(200, as(admin, "/ocpu/apps/ada/closed/info").statusCode());
        assertEquals(200, as(admin, "/ocpu/library/MASS/info").statusCode());
    }

    @Test
    void aCloserSettingOpensAnApp() {
        assertEquals(200, server.get("/ocpu/apps/ada/open/info").statusCode());
        assertEquals(201, server.form("/ocpu/apps/ada/open/R/stays", "").statusCode());
    }

    @Test
    void theSessionOfAClosedAppIsGuardedByItsKey() {
        HttpResponse<byte[]> called = server.send(server.request("/ocpu/apps/ada/closed/R/secret")
                .header("Authorization", ADA)
                .POST(BodyPublishers.noBody()));
        String session = "/ocpu/tmp/" + header(called, "X-ocpu-session") + "/";
        assertEquals("[42]", text(server.get(session + "R/.val/json")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ocpu/apps/",
                "/ocpu/apps/ada/",
                "/ocpu/repo/src/contrib/PACKAGES",
                "/ocpu/apps/ada/builds.atom",
                "/api/v1/apps",
                "/api/v1/builds",
                "/",
                "/builds"
            })
    void listsShowOnlyWhatMayBeUsed(String list) {
        HttpResponse<byte[]> open = server.get(list);
        assertEquals(200, open.statusCode(), text(open));
        assertTrue(text(open).contains("open"), text(open));
        assertFalse(text(open).contains("closed"), text(open));
        assertTrue(text(as(ADA, list)).contains("closed"), list);
        assertFalse(text(as(BOB, list)).contains("closed"), list);
    }

    @Test
    void browsersMayAskBeforeTheyBringThem() {
        HttpResponse<byte[]> asked = server.send(server.request("/ocpu/apps/ada/closed/R/secret")
                .header("Origin", "https://example.org")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertEquals(200, asked.statusCode());
        assertTrue(header(asked, "Access-Control-Allow-Headers").contains("Authorization"));
        HttpResponse<byte[]> library =
                server.send(server.request("/ocpu/library/MASS/R/rlm").method("OPTIONS", BodyPublishers.noBody()));
        assertEquals(200, library.statusCode());
    }

    @Test
    void aFileOfUsersCountsAsItIsNow() throws IOException {
        String cyd = basic("cyd", "open sesame");
        String before = Files.readString(users);
        try {
            assertEquals(401, as(cyd, "/ocpu/library/MASS/info").statusCode());
            Files.writeString(
                    users,
                    before + "cyd:" + SecretHash.ofPassword("open sesame").text() + "\n");
            assertEquals(200, as(cyd, "/ocpu/library/MASS/info").statusCode());
            Files.writeString(users, "cyd:no hash\n");
            assertEquals(401, as(cyd, "/ocpu/library/MASS/info").statusCode());
        } finally {
            Files.writeString(users, before);
        }
    }

    @Test
    void sessionsGistsAndTheRepositoryCanBeClosedToo() throws IOException {
        String ada = "basic " + user("ada", "correct horse");
        try (GistServer gists = new GistServer(directory.resolve("gists"))) {
            gists.commit("ada/0a1b", Map.of("run.R", "42\n"));
            Map<String, String> settings =
                    Map.of("auth.tmp", ada, "auth.gist", ada, "auth.repo", ada, "gist.url", gists.url());
            try (TestServer closed = new TestServer(directory.resolve("closed"), settings)) {
                String session = closed.session("42");
                for (String path : List.of(
                        session + "R/.val/json",
                        session,
                        "/ocpu/gist/ada/0a1b/",
                        "/ocpu/gist/ada/0a1b/run.R",
                        "/ocpu/repo/src/contrib/PACKAGES")) {
                    HttpResponse<byte[]> refused = closed.get(path);
                    assertEquals(401, refused.statusCode(), path + ": " + text(refused));
                    assertEquals(401, closed.get(path, "Authorization", BOB).statusCode(), path);
                    HttpResponse<byte[]> read = closed.get(path, "Authorization", ADA);
                    assertEquals(200, read.statusCode(), path + ": " + text(read));
                }
                assertEquals(
                        401, closed.call("/ocpu/gist/ada/0a1b/run.R").statusCode(), "a script is run as it is read");
            }
        }
    }

    @Test
    void noHashIsShown() {
        String page = text(server.get("/ocpu/info")) + text(server.get("/ocpu/apps/ada/closed/info"));
        assertFalse(page.contains("pbkdf2") || page.contains("sha256"), page);
    }
}
