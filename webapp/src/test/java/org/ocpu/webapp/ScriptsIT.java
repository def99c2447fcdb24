package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

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
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts of every kind, run by a POST to them: those that an app has and those that a call wrote. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ScriptsIT {
    private static final Map<String, String> SCRIPTS = Map.ofEntries(
            Map.entry("run.R", "n <- 6\ncat('shown\\n')\nplot(1:n)\nn * 7\n"),
            Map.entry("upper.r", "greeting <- hello()\n"),
            Map.entry("broken.R", "before <- 1\nstop('in the middle')\nafter <- 2\n"),
            Map.entry("unparsable.R", "x <- c(1,\n"),
            Map.entry("doc.md", "# Title\n\nSome *text* and é.\n"),
            Map.entry("doc.rst", "Title\n=====\n\nSome *text*.\n"),
            Map.entry("report.Rmd", "# Report\n\n```{r}\nanswer <- 6 * 7\nanswer\n```\n"),
            Map.entry("report.rrst", "Report\n======\n\n.. {r}\n6 * 7\n.. ..\n"),
            Map.entry("page.Rhtml", "<html><body>\n<!--begin.rcode\n6 * 7\nend.rcode--></body></html>\n"),
            Map.entry("page.brew", "<ul><% for (i in 1:3) { %><li><%= i * 14 %></li><% } %></ul>\n"),
            Map.entry("paper.tex", "\\documentclass{article}\\begin{document}Hi from \\TeX\\end{document}\n"),
            Map.entry("paper.Rnw", "\\documentclass{article}\\begin{document}\n<<>>=\n6 * 7\n@\n\\end{document}\n"),
            Map.entry(
                    "paper.Rtex",
                    "\\documentclass{article}\\begin{document}\n%% begin.rcode\n% 6 * 7\n%% end.rcode\n\\end{document}\n"),
            Map.entry("notes.foo", "nothing to run\n"),
            Map.entry("noextension", "nothing to run\n"));

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(directory.resolve("data"), Map.of());
        Path sources = directory.resolve("scripts");
        Path installed = Files.createDirectories(sources.resolve("inst/scripts"));
        Files.createDirectories(sources.resolve("R"));
        Files.writeString(
                sources.resolve("DESCRIPTION"), "Package: scripts\nTitle: Scripts\nVersion: 1.0\nLicense: MIT\n");
        Files.writeString(sources.resolve("NAMESPACE"), "export(hello)\n");
        Files.writeString(sources.resolve("R/hello.R"), "hello <- function() 'hello'\n");
        for (Map.Entry<String, String> script : SCRIPTS.entrySet()) {
            Files.writeString(installed.resolve(script.getKey()), script.getValue());
        }
        server.publish("Demo", "Scripts", sources);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<byte[]> run(String script, String... arguments) {
        return server.call("/ocpu/apps/demo/scripts/scripts/" + script, arguments);
    }

    private static String session(HttpResponse<byte[]> made) {
        assertEquals(201, made.statusCode(), text(made));
        return "/ocpu/tmp/" + header(made, "X-ocpu-session") + "/";
    }

    private static List<String> files(String session) {
        return text(server.get(session + "files/"))
                .lines()
                .filter(file -> !file.equals("DESCRIPTION"))
                .toList();
    }

    @Test
    void anRScriptLeavesItsObjectsItsOutputAndItsPlots() {
        HttpResponse<byte[]> made = run("run.R");
        String session = session(made);
        List<String> entries =
                text(made).lines().map(line -> line.replace(session, "")).toList();
        assertTrue(
                entries.containsAll(List.of("R/n", "graphics/1", "stdout", "source", "console")), entries.toString());
        assertEquals("[6]", text(server.get(session + "R/n/json")));
        assertEquals("shown\n\n[1] 42", text(server.get(session + "stdout/text")));
        String console = text(server.get(session + "console/text"));
        assertTrue(console.contains("> n <- 6") && console.contains("[1] 42"), console);
        assertEquals("image/png", header(server.get(session + "graphics/1/png"), "Content-Type"));
    }

    @Test
    void aScriptOfAnAppSeesItsPackage() {
        assertEquals("[\"hello\"]", text(server.get(session(run("upper.r")) + "R/greeting/json")));
    }

    @Test
    void aScriptThatFailsKeepsWhatItDidBefore() {
        HttpResponse<byte[]> failed = run("broken.R");
        assertEquals(400, failed.statusCode());
        assertTrue(text(failed).startsWith("in the middle"), text(failed));
        String session = "/ocpu/tmp/" + header(failed, "X-ocpu-session") + "/";
        assertEquals("[1]", text(server.get(session + "R/before/json")));
        assertEquals(404, server.get(session + "R/after/json").statusCode());
    }

    @Test
    void aScriptThatDoesNotParseIs400WithTheReason() {
        HttpResponse<byte[]> refused = run("unparsable.R");
        assertEquals(400, refused.statusCode());
        assertTrue(text(refused).contains("unexpected end of input"), text(refused));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "doc.md | doc.docx, doc.html, doc.md, doc.odt | doc.html | <em>text</em>",
                "doc.rst | doc.docx, doc.html, doc.odt, doc.rst | doc.html | <em>text</em>",
                "report.Rmd | report.docx, report.html, report.md, report.odt | report.html | 42",
                "report.rrst | report.docx, report.html, report.odt, report.rst | report.html | 42",
                "page.Rhtml | page.html | page.html | 42",
            })
    void aDocumentIsWovenIntoFilesOfItsSession(String script, String files, String file, String part) {
        String session = session(run(script));
        assertEquals(List.of(files.split(", ")), files(session));
        String text = text(server.get(session + "files/" + file));
        assertTrue(text.contains(part), text);
    }

    @Test
    void theArgumentFormatSaysWhichDocumentsToMake() {
        assertEquals(List.of("doc.html", "doc.md"), files(session(run("doc.md", "format", "html"))));
        assertEquals(
                List.of("doc.docx", "doc.html", "doc.md"),
                files(session(run("doc.md", "format", "[\"html\",\"docx\"]"))));
        assertEquals(List.of("report.md", "report.odt"), files(session(run("report.Rmd", "format", "odt"))));
        assertEquals(400, run("doc.md", "format", "html; touch x").statusCode());
        assertEquals(400, run("doc.md", "format", "nosuchformat").statusCode());
    }

    @Test
    void aTemplatePrintsOrWritesTheFileNamedByOutput() {
        String filled = "<ul><li>14</li><li>28</li><li>42</li></ul>";
        assertEquals(filled, text(server.get(session(run("page.brew")) + "stdout/text")));
        String session = session(run("page.brew", "output", "page.html"));
        assertEquals(List.of("page.html"), files(session));
        assertEquals(filled, text(server.get(session + "files/page.html")));
        assertEquals(400, run("page.brew", "output", "../../page.html").statusCode());
        assertEquals(400, run("page.brew", "output", "/tmp/page.html").statusCode());
    }

    @ParameterizedTest
    @CsvSource({"paper.tex", "paper.Rnw", "paper.Rtex"})
    void latexBecomesPdf(String script) {
        HttpResponse<byte[]> pdf = server.get(session(run(script)) + "files/paper.pdf");
        assertEquals("application/pdf", header(pdf, "Content-Type"));
        assertTrue(text(pdf).startsWith("%PDF"), "no PDF");
    }

    @Test
    void aScriptThatACallWroteIsRun() {
        String made = server.session("{writeLines(c('# T', '```{r}', '6*7', '```'), 'x.Rmd'); dir.create('sub');"
                + " writeLines('z <- 6 * 7', 'sub/y.R')}");
        String report = session(server.call(made + "files/x.Rmd", "format", "html"));
        assertEquals(List.of("x.html", "x.md"), files(report));
        assertTrue(text(server.get(report + "files/x.html")).contains("42"));
        assertEquals("[42]", text(server.get(session(server.call(made + "files/sub/y.R")) + "R/z/json")));
        assertEquals(List.of("sub", "x.Rmd"), files(made), "the old session stays as it was");
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes.foo", "noextension"})
    void anUnknownKindIs400AndNamesTheKnownOnes(String script) {
        HttpResponse<byte[]> refused = run(script);
        assertEquals(400, refused.statusCode());
        assertTrue(text(refused).contains(".rmd") && text(refused).contains(".brew"), text(refused));
    }

    @Test
    void aScriptThatIsNotThereIs404() {
        assertEquals(404, run("nosuch.R").statusCode());
        assertEquals(404, run("../../../../nosuch.R").statusCode());
        assertEquals(404, server.call(server.session("1") + "files/nosuch.R").statusCode());
    }

    @Test
    void aGlobalPackagesScriptIsRunToo() {
        String session = session(server.call("/ocpu/library/MASS/scripts/ch01.R"));
        assertTrue(text(server.get(session)).contains("console"));
    }
}
