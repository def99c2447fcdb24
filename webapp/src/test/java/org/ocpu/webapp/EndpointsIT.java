package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every address of the API that is read, as a client meets it. */
class EndpointsIT {
    private static final Path SAMPLE = Path.of("src/main/samples/hello");
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"#:]+)(?:#[^\"]*)?\"");

    @TempDir
    static Path directory;

    private static TestServer server;
    private static String session;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(directory, Map.of());
        server.publish("Demo", "Hello", SAMPLE);
        session = server.session("{plot(1); cat('shown'); 42}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String moved(HttpResponse<byte[]> response) {
        assertEquals(302, response.statusCode(), text(response));
        URI location = URI.create(header(response, "Location"));
        return location.getRawPath() + (location.getRawQuery() == null ? "" : "?" + location.getRawQuery());
    }

    private static HttpResponse<byte[]> found(String path) {
        HttpResponse<byte[]> response = server.get(path);
        assertEquals(200, response.statusCode(), path + ": " + text(response));
        return response;
    }

    @ParameterizedTest
    @CsvSource({
        "/ocpu, /ocpu/test",
        "/ocpu/, /ocpu/test",
        "/ocpu/test, /ocpu/test/",
        "/ocpu/library, /ocpu/library/",
        "/ocpu/library/MASS, /ocpu/library/MASS/",
        "/ocpu/library/MASS/, /ocpu/library/MASS/info",
        "/ocpu/library/MASS/R, /ocpu/library/MASS/R/",
        "/ocpu/library/MASS/R/rlm, /ocpu/library/MASS/R/rlm/print",
        "/ocpu/library/MASS/R/rlm?a=1&b=%20, /ocpu/library/MASS/R/rlm/print?a=1&b=%20",
        "/ocpu/library/MASS/data, /ocpu/library/MASS/data/",
        "/ocpu/library/MASS/data/cats, /ocpu/library/MASS/data/cats/print",
        "/ocpu/library/MASS/man, /ocpu/library/MASS/man/",
        "/ocpu/library/MASS/man/rlm, /ocpu/library/MASS/man/rlm/text",
        "/ocpu/library/stats/man/rnorm/html, /ocpu/library/stats/man/Normal/html",
        "/ocpu/library/MASS/html, /ocpu/library/MASS/html/",
        "/ocpu/library/MASS/help, /ocpu/library/MASS/help/",
        "/ocpu/library/MASS::cats, /ocpu/library/MASS::cats/print",
        "/ocpu//library///MASS, /ocpu/library/MASS/",
        "//ocpu/library/MASS, /ocpu/library/MASS/",
        "/ocpu/doc, /ocpu/doc/",
        "/ocpu/doc/html, /ocpu/doc/html/",
        "/ocpu/user, /ocpu/user/",
        "/ocpu/apps, /ocpu/apps/",
        "/ocpu/apps/demo/hello, /ocpu/apps/demo/hello/",
        "/ocpu/apps/demo/hello/, /ocpu/apps/demo/hello/www/",
        "/ocpu/apps/demo/hello::histogram, /ocpu/apps/demo/hello::histogram/print",
        "/ocpu/github/demo/hello/R/?x=1, /ocpu/apps/demo/hello/R/?x=1",
        "/ocpu/github/demo/hello, /ocpu/apps/demo/hello",
    })
    void shortAddressesRedirectToTheFullOnes(String from, String to) {
        assertEquals(to, moved(server.get(from)));
        assertEquals(to, moved(server.head(from)));
    }

    @Test
    void aSessionsAddressesRedirectToTheFullOnes() {
        String bare = session.substring(0, session.length() - 1);
        assertEquals(session, moved(server.get(bare)));
        assertEquals(bare + "::.val/print", moved(server.get(bare + "::.val")));
        Map.of(
                        "R", "R/",
                        "R/.val", "R/.val/print",
                        "graphics", "graphics/",
                        "graphics/1", "graphics/1/png",
                        "graphics/last", "graphics/last/png",
                        "stdout", "stdout/text",
                        "info", "info/print",
                        "files", "files/")
                .forEach((from, to) -> assertEquals(session + to, moved(server.get(session + from)), from));
    }

    @Test
    void anAliasLeadsToItsManualPage() {
        String page = moved(server.get("/ocpu/library/stats/man/rnorm"));
        assertTrue(page.matches("/ocpu/library/stats/man/Normal(/|/text)?"), page);
        String text = page.endsWith("/text") ? page : moved(server.get(page));
        assertTrue(text(found(text)).contains("The Normal Distribution"));
    }

    @Test
    void theInfoNamesTheVersionsOfAllThatAnswers() {
        String info = text(found("/ocpu/info"));
        assertTrue(info.contains("R version ") && info.contains("/ocpu/library/"), info);
        assertTrue(
                Pattern.compile("^workers: (confined by |NOT CONFINED: )", Pattern.MULTILINE)
                        .matcher(info)
                        .find(),
                info);
    }

    @Test
    void theTestPageAndAllThatItLinksToAreThere() {
        HttpResponse<byte[]> page = found("/ocpu/test/");
        assertTrue(header(page, "Content-Type").startsWith("text/html"));
        followLinks("/ocpu/test/", text(page));
    }

    /** The number of relative links of a page, after a check that each leads somewhere. */
    private static int followLinks(String address, String page) {
        TreeSet<String> paths = new TreeSet<>();
        LINK.matcher(page)
                .results()
                .forEach(link -> paths.add(URI.create(address)
                        .resolve(link.group(1).replace(" ", "%20"))
                        .getRawPath()));
        for (String path : paths) {
            HttpResponse<byte[]> target = server.get(path);
            for (int i = 0; i < 3 && target.statusCode() == 302; i++) {
                target = server.get(moved(target));
            }
            assertEquals(200, target.statusCode(), address + " links to " + path + ": " + text(target));
        }
        return paths.size();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ocpu/library/MASS/html/rlm.html", "/ocpu/library/MASS/html/"})
    void helpPagesLinkOnlyToWhatIsThere(String address) {
        assertTrue(followLinks(address, text(found(address))) > 3, "too few links to be a help page");
    }

    @Test
    void aHelpPageIsFoundByAnyOfItsAliases() {
        String page = text(found("/ocpu/library/stats/html/rnorm.html"));
        assertTrue(page.contains("The Normal Distribution"));
        assertEquals(
                404, server.get("/ocpu/library/stats/html/nosuchtopic.html").statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "/ocpu/library/MASS/man/rlm/text, text/plain, Robust Fitting of Linear Models",
        "/ocpu/library/MASS/man/rlm/html, text/html, <title>R: Robust Fitting of Linear Models</title>",
        "/ocpu/library/MASS/man/rlm/tex, text/plain, \\HeaderA{rlm}{Robust Fitting of Linear Models}{rlm}",
        "/ocpu/library/MASS/man/rlm/pdf, application/pdf, %PDF",
        "/ocpu/library/MASS/info, text/plain, Modern Applied Statistics",
        "/ocpu/library/MASS/DESCRIPTION, text/plain, Package: MASS",
        "/ocpu/library/MASS/NAMESPACE, text/plain, export",
        "/ocpu/library/MASS/html/R.css, text/css, font",
        "/ocpu/library/MASS/scripts/ch01.R, text/plain, Chapter 1",
        "/ocpu/doc/COPYING, text/plain, GNU GENERAL PUBLIC LICENSE",
        "/ocpu/doc/html/index.html, text/html, Statistical Data Analysis",
        "/ocpu/apps/demo/hello/www/, text/html, Hello from R",
        "/ocpu/apps/demo/hello/info, text/plain, hello",
        "/ocpu/apps/demo/hello/DESCRIPTION, text/plain, Package:",
    })
    void everyPartOfAPackageHasItsMediaType(String path, String type, String part) {
        HttpResponse<byte[]> file = found(path);
        assertTrue(header(file, "Content-Type").startsWith(type), header(file, "Content-Type"));
        assertTrue(
                text(file).contains(part),
                () -> path + ": " + text(file).lines().limit(5).toList());
    }

    @Test
    void aManualPageAsPdfHasTheTopicsName() {
        assertEquals(
                "attachment;filename=\"rlm.pdf\"",
                header(found("/ocpu/library/MASS/man/rlm/pdf"), "Content-Disposition"));
    }

    @ParameterizedTest
    @CsvSource({
        "/ocpu/library/, MASS",
        "/ocpu/library/MASS/R/, huber",
        "/ocpu/library/MASS/data/, cats",
        "/ocpu/library/MASS/man/, rlm",
        "/ocpu/library/MASS/help/, aliases.rds",
        "/ocpu/library/datasets/R/, women",
        "/ocpu/apps/, Demo/Hello",
        "/ocpu/apps/demo/, Hello",
        "/ocpu/apps/demo/hello/R/, histogram",
        "/ocpu/doc/, html",
    })
    void listsHaveALineForEachEntryOnce(String path, String entry) {
        HttpResponse<byte[]> list = found(path);
        assertTrue(header(list, "Content-Type").startsWith("text/plain"));
        List<String> lines = text(list).lines().toList();
        assertTrue(lines.contains(entry), lines.toString());
        assertEquals(lines.stream().distinct().toList(), lines);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/ocpu/user/nosuchuser/ | User nosuchuser not found.",
                "/ocpu/user/nosuchuser/library/ | User nosuchuser not found.",
                "/ocpu/user/nosuchuser/library/MASS/info | User nosuchuser not found.",
                "/ocpu/apps/nobody/nothing/ | Github App nobody/nothing not installed on this server",
                "/ocpu/tmp/x0123456789abcdef/ | Session not found: x0123456789abcdef. Sessions are kept for session.maxage = 86400 seconds.",
            })
    void whatIsMissingIs404WithTheTextOfTheReference(String path, String message) {
        HttpResponse<byte[]> missing = server.get(path);
        assertEquals(404, missing.statusCode());
        assertEquals(message, text(missing));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ocpu/nosuch",
                "/ocpu/doc/nosuch",
                "/ocpu/library/nosuch/info",
                "/ocpu/library/MASS/nosuch.txt",
                "/ocpu/library/MASS/R/nosuch/print",
                "/ocpu/library/MASS/data/rlm/print",
                "/ocpu/library/MASS/man/nosuch/text",
                "/ocpu/library/MASS/man/rlm/nosuch",
                "/ocpu/library/MASS/DESCRIPTION/",
                "/ocpu/library/MASS::nosuch/print",
                "/ocpu/apps/nobody/",
                "/ocpu/test/nosuch",
            })
    void whatIsNotThereIs404(String path) {
        assertEquals(404, server.get(path).statusCode());
        assertEquals(404, server.head(path).statusCode());
    }

    @Test
    void sessionsAreNotListed() {
        HttpResponse<byte[]> list = server.get("/ocpu/tmp/");
        assertEquals(403, list.statusCode());
        assertTrue(!text(list).contains("x0"), text(list));
    }

    @Test
    void theColonsAreShortForAnObjectInEveryLibrary() {
        assertEquals("[42]", text(found(session.replaceAll("/$", "::.val/json"))));
        assertTrue(text(found("/ocpu/library/datasets::women/json")).contains("\"height\": 58"));
        assertEquals("[3]", text(server.form("/ocpu/library/base::sum/json", "x=1&y=2")));
        assertTrue(text(found("/ocpu/apps/demo/hello::histogram/print")).startsWith("function"));
    }

    @Test
    void anAppIsServedUnderItsOldNameToo() {
        String function = "/R/greet/json";
        String path = "/ocpu/github/demo/hello" + function;
        String now = "/ocpu/apps/demo/hello" + function;
        HttpResponse<byte[]> made = server.call(path, "name", "'Ada'");
        assertEquals(201, made.statusCode(), text(made));
        assertEquals(text(server.call(now, "name", "'Ada'")), text(made));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/ocpu/library/base/R/identity", "/ocpu/info", "/ocpu/tmp/x0123456789abcdef/", "/ocpu/apps/"})
    void pagesOfOtherSitesMayAskWhatTheyMayDo(String path) {
        HttpResponse<byte[]> options = server.send(server.request(path)
                .header("Origin", "https://example.org")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertEquals(200, options.statusCode());
        assertEquals("*", header(options, "Access-Control-Allow-Origin"));
        assertTrue(header(options, "Access-Control-Allow-Methods").contains("POST"));
        assertTrue(header(options, "Access-Control-Allow-Headers").contains("Content-Type"));
        assertTrue(header(options, "Access-Control-Expose-Headers").contains("X-ocpu-session"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ocpu/library/datasets/R/women/csv",
                "/ocpu/library/MASS/DESCRIPTION",
                "/ocpu/library/MASS/R/",
                "/ocpu/library/MASS/man/rlm/html",
                "/ocpu/doc/NEWS.pdf",
                "/ocpu/info",
                "/ocpu/library/nosuch/info",
            })
    void headHasTheHeadersOfGetAndNoBody(String path) {
        server.get(path);
        HttpResponse<byte[]> get = server.get(path);
        HttpResponse<byte[]> head = server.head(path);
        assertEquals(0, head.body().length);
        assertEquals(get.statusCode(), head.statusCode());
        assertEquals(stable(get), stable(head));
    }

    /** Headers without those of the clock, the transfer, and the length, which HEAD may leave out (RFC 9110, section 9.3.2). */
    private static Map<String, List<String>> stable(HttpResponse<byte[]> response) {
        Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
        List.of("date", "x-ocpu-time", "transfer-encoding", "content-length").forEach(headers::remove);
        return headers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ocpu/library/MASS/DESCRIPTION", "/ocpu/library/datasets/R/women/csv"})
    void aPartOfAFileOrOfAValueCanBeAskedFor(String path) {
        HttpResponse<byte[]> whole = found(path);
        int length = whole.body().length;
        HttpResponse<byte[]> part = server.get(path, "Range", "bytes=3-6");
        assertEquals(206, part.statusCode());
        assertEquals("bytes 3-6/" + length, header(part, "Content-Range"));
        assertEquals(
                new String(whole.body(), 3, 4, StandardCharsets.UTF_8),
                new String(part.body(), StandardCharsets.UTF_8));
        assertEquals(5, server.get(path, "Range", "bytes=-5").body().length);
        HttpResponse<byte[]> beyond = server.get(path, "Range", "bytes=" + length + "-");
        assertEquals(416, beyond.statusCode());
        assertEquals("bytes */" + length, header(beyond, "Content-Range"));
        HttpResponse<byte[]> changed =
                server.send(server.request(path).header("Range", "bytes=3-6").header("If-Range", "\"other\""));
        assertEquals(200, changed.statusCode());
        assertEquals(length, changed.body().length);
    }

    @Test
    void aPartIsSentWhenTheFileIsStillTheOneTheClientKnows() {
        String path = "/ocpu/library/MASS/DESCRIPTION";
        HttpResponse<byte[]> part = server.send(server.request(path)
                .header("Range", "bytes=0-6")
                .header("If-Range", header(server.head(path), "ETag")));
        assertEquals(206, part.statusCode());
        assertEquals("Package", text(part));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ocpu/library/MASS/DESCRIPTION",
                "/ocpu/library/datasets/R/women/csv",
                "/ocpu/library/MASS/man/rlm/text",
                "/ocpu/library/MASS/html/rlm.html",
                "/ocpu/library/MASS/R/",
            })
    void whatTheClientHasIsNotSentAgain(String path) {
        String etag = header(found(path), "ETag");
        HttpResponse<byte[]> same = server.get(path, "If-None-Match", etag);
        assertEquals(304, same.statusCode());
        assertEquals(0, same.body().length);
        assertEquals(etag, header(same, "ETag"));
        assertEquals(200, server.get(path, "If-None-Match", "\"other\"").statusCode());
    }

    @Test
    void errorsAreJsonForWhoAsksForIt() {
        for (String path : List.of("/ocpu/library/nosuch/info", "/ocpu/nosuch", "/ocpu/library/base/R/nosuch/json")) {
            HttpResponse<byte[]> missing = server.get(path, "Accept", "application/json");
            assertEquals(404, missing.statusCode());
            assertEquals("application/json", header(missing, "Content-Type").split(";")[0]);
            assertTrue(text(missing).startsWith("{") && text(missing).contains("\"message\":"), text(missing));
        }
        HttpResponse<byte[]> failed = server.send(server.request("/ocpu/library/base/R/identity/json")
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("x=stop('a \"quoted\" reason')")));
        assertEquals(400, failed.statusCode());
        assertTrue(text(failed).contains("a \\\"quoted\\\" reason"), text(failed));
    }

    @Test
    void aFileOutsideOfItsPackageIsNotServed() throws IOException {
        assertTrue(Files.isRegularFile(Path.of("/etc/passwd")));
        for (String up : List.of("%2e%2e/", "..%2f", "%2E%2E%2F", "..%5c", "%252e%252e/")) {
            int status = server.get("/ocpu/library/MASS/" + up.repeat(8) + "etc/passwd")
                    .statusCode();
            assertTrue(status == 404 || status == 400, up + " answered " + status);
        }
    }
}
