package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.jsReturnsValue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;

/** Pages that carry the genuine jQuery and the genuine opencpu.js of years ago, in the sandbox that apps are served in. */
class OldClientsBrowserIT {
    private static final Path APP = Path.of("src", "test", "apps", "widgets");

    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestBrowser browser;

    @BeforeAll
    static void publishOldPages() throws Exception {
        Path modules = ClientPackages.install().resolve("node_modules");
        server = new TestServer(directory.resolve("data"), Map.of());
        publish("old4", modules.resolve("jquery-1"), modules.resolve("opencpu.js/opencpu-0.4.js"));
        publish("old5", modules.resolve("jquery"), modules.resolve("opencpu.js/opencpu-0.5.js"));
        browser = new TestBrowser(directory.resolve("chromium"));
        browser.driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(1));
    }

    private static void publish(String repo, Path jquery, Path opencpu) throws Exception {
        Path app = directory.resolve(repo);
        try (Stream<Path> sources = Files.walk(APP)) {
            for (Path source : sources.toList()) {
                Files.copy(source, app.resolve(APP.relativize(source).toString()));
            }
        }
        Files.copy(jquery.resolve("dist/jquery.min.js"), app.resolve("inst/www/jquery.js"));
        Files.copy(opencpu, app.resolve("inst/www/opencpu.js"));
        server.publish("ada", repo, app);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private static void open(String repo) {
        browser.open(server.server.api() + "/apps/ada/" + repo + "/www/old.html");
        assertEquals("null", browser.driver.executeScript("return self.origin"));
    }

    /** Runs a script of the page, which ends by {@code done(what)}. */
    private static Object run(String script) {
        return browser.driver.executeAsyncScript("const done = arguments[arguments.length - 1];" + script);
    }

    @ParameterizedTest
    @ValueSource(strings = {"old4", "old5"})
    void rpcAnswersWithTheValue(String repo) {
        open(repo);
        assertEquals(List.of("Ada é"), run("ocpu.rpc('echo', { x: 'Ada é' }, done)"));
        assertEquals("2024-01-02", run("ocpu.rpc('numbers', { rows: 2 }, (rows) => done(rows[0].day))"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"old4", "old5"})
    void aSessionTellsItsKeyObjectsOutputAndFiles(String repo) {
        open(repo);
        Object told = run("""
                ocpu.call("echo", { x: [1, 2] }, (session) => {
                  const asked = [session.getObject(), session.getObject(".val", { digits: 1 }), session.getStdout(),
                    session.getConsole(), session.getFile("DESCRIPTION")];
                  $.when(...asked).done((value, rounded, stdout, console, file) => done([
                    /^x0[0-9a-f]+$/.test(session.getKey()), session.getLoc().endsWith(`/tmp/${session.getKey()}/`),
                    value[0][1], rounded[0][1], stdout[0].includes("echoing"), console[0].includes("> echo("),
                    file[0].includes("Package:"),
                  ])).fail((failed) => done(failed.responseText));
                });
                """);
        assertEquals(List.of(true, true, 2L, 2L, true, true, true), told);
        assertEquals("getObject: 404", run("""
                ocpu.call("echo", { x: 1 }, (session) =>
                  session.getObject("nosuch").done(() => done("there")).fail((failed) => done("getObject: " + failed.status)));
                """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"old4", "old5"})
    void callsAreChainedByTheirSessions(String repo) {
        open(repo);
        assertEquals(List.of("[1] 42"), run("""
                ocpu.call("echo", { x: 42 }, (first) => ocpu.call("echo", { x: first }, (second) =>
                  $.get(second.getLoc() + "R/.val/print").done((text) => done([text.trim()]))));
                """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"old4", "old5"})
    void aFileIsUploadedWithOtherArguments(String repo) throws Exception {
        open(repo);
        Path file = Files.writeString(directory.resolve(repo + " table.csv"), "x,y\n1,2\n2,4.5\n");
        browser.find(By.id("file")).sendKeys(file.toString());
        assertEquals(List.of(2L, 4.5), run("""
                ocpu.call("read_table", { file: $("#file")[0].files[0], header: true }, (session) =>
                  session.getObject((rows) => done([rows.length, rows[1].y])));
                """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"old4", "old5"})
    void rplotDrawsInTheSizeOfItsPlace(String repo) {
        open(repo);
        run("$('#plot').rplot('draw', { n: 5 }, () => done())");
        Object address = browser.await(jsReturnsValue("""
                return $("#plot div").css("background-image").match(/^url\\("(.*graphics\\/last\\/png\\?width=400&height=300)"\\)$/)?.[1]
                """));
        Object size = run("const i = new Image(); i.onload = () => done(i.naturalWidth); i.src = '" + address + "'");
        assertEquals(400L, size);
        assertEquals(List.of("pdf", "svg", "png"), run("done($('#plot a:visible').get().map((a) => a.textContent))"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"old4", "old5"})
    void whatRObjectsToIsTheTextOfTheFailedRequest(String repo) {
        open(repo);
        assertTrue(String.valueOf(run("""
                ocpu.call("draw", { n: -1 }, () => done("succeeded")).fail((request) => done(request.status + " " + request.responseText));
                """)).startsWith("400 'n' must not be negative."));
        assertTrue(String.valueOf(run("""
                ocpu.rpc("nosuch", {}, () => done("succeeded")).fail((request) => done(request.status + " " + request.responseText));
                """)).startsWith("404 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"old4", "old5"})
    void anotherPackageIsChosenBySeturl(String repo) {
        open(repo);
        run("ocpu.seturl('" + server.server.api() + "/library/base/R'); $(document).one('ajaxStop', () => done())");
        assertEquals(List.of(6L), run("ocpu.rpc('sum', { '...': [1, 2, 3] }, done)"));
    }
}
