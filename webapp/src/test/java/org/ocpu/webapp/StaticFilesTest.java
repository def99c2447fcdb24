package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javalin.Javalin;
import io.javalin.http.Handler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link StaticFiles} does for a real HTTP client. */
class StaticFilesTest {
    private static final String MODIFIED = "Fri, 02 Jan 2026 03:04:05 GMT";

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Javalin server;
    private Path www;

    @BeforeEach
    void start() throws IOException {
        www = Files.createDirectories(directory.resolve("www"));
        Files.writeString(directory.resolve("secret.txt"), "secret");
        write("digits.txt", "0123456789");
        Handler handler = ctx -> StaticFiles.serve(ctx, www, ctx.pathParam("file"), "max-age=60");
        Handler rootHandler = ctx -> StaticFiles.serve(ctx, www, "", "max-age=60");
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.routes.get("/www", rootHandler);
                    config.routes.get("/www/<file>", handler);
                    config.routes.head("/www/<file>", handler);
                })
                .start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "app.js, text/javascript;charset=utf-8",
        "app.mjs, text/javascript;charset=utf-8",
        "style.css, text/css;charset=utf-8",
        "page.HTML, text/html;charset=utf-8",
        "data.json, application/json",
        "plot.svg, image/svg+xml;charset=utf-8",
        "lib.wasm, application/wasm",
        "font.woff2, font/woff2",
        "table.csv, text/csv;charset=utf-8",
        "paper.pdf, application/pdf",
        "code.R, text/plain;charset=utf-8",
        "topic.Rd, text/plain;charset=utf-8",
        "README.md, text/markdown;charset=utf-8",
        "paper.Rmd, text/x-markdown;charset=utf-8",
        "DESCRIPTION, text/plain;charset=utf-8",
        "stdout, text/plain;charset=utf-8",
        "unknown.thing, application/octet-stream",
    })
    void aFileHasItsMediaType(String name, String type) throws Exception {
        write(name, "x");
        assertEquals(type, header(get("/www/" + name), "Content-Type"));
    }

    @Test
    void aFileComesWholeWithItsValidators() throws Exception {
        HttpResponse<String> answer = get("/www/digits.txt");
        assertEquals(200, answer.statusCode());
        assertEquals("0123456789", answer.body());
        assertEquals("10", header(answer, "Content-Length"));
        assertEquals("max-age=60", header(answer, "Cache-Control"));
        assertEquals("bytes", header(answer, "Accept-Ranges"));
        assertEquals(MODIFIED, header(answer, "Last-Modified"));
        assertTrue(header(answer, "ETag").matches("\"[^\"]+\""), () -> "no strong ETag: " + header(answer, "ETag"));
    }

    @Test
    void aLargeFileArrivesUnchanged() throws Exception {
        byte[] bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);
        Files.write(www.resolve("large.bin"), bytes);
        HttpResponse<byte[]> answer = client.send(request("/www/large.bin").build(), BodyHandlers.ofByteArray());
        assertEquals(200, answer.statusCode());
        assertEquals(new String(bytes, ISO_8859_1), new String(answer.body(), ISO_8859_1));
    }

    @Test
    void aFileWrittenAnewWithTheSameSizeAndTimeHasAnotherETag() throws Exception {
        String before = header(get("/www/digits.txt"), "ETag");
        write("other.txt", "9876543210");
        Files.move(www.resolve("other.txt"), www.resolve("digits.txt"), REPLACE_EXISTING);
        assertNotEquals(before, header(get("/www/digits.txt"), "ETag"));
    }

    @Test
    void headAnswersAsGetWithoutTheBody() throws Exception {
        HttpResponse<String> answer = client.send(
                request("/www/digits.txt", "Range", "bytes=1-2")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, answer.statusCode());
        assertEquals("10", header(answer, "Content-Length"));
        assertEquals("", answer.body());
    }

    @Test
    void aKnownETagIs304WithoutABody() throws Exception {
        String etag = header(get("/www/digits.txt"), "ETag");
        for (String known : new String[] {etag, "W/" + etag, "\"a,b\", " + etag, "*"}) {
            HttpResponse<String> answer = get("/www/digits.txt", "If-None-Match", known);
            assertEquals(304, answer.statusCode(), known);
            assertEquals("", answer.body());
            assertEquals(etag, header(answer, "ETag"));
            assertEquals("max-age=60", header(answer, "Cache-Control"));
        }
        assertEquals(200, get("/www/digits.txt", "If-None-Match", "\"other\"").statusCode());
    }

    @Test
    void anUnchangedDateIs304UnlessAnETagSaysOtherwise() throws Exception {
        assertEquals(304, get("/www/digits.txt", "If-Modified-Since", MODIFIED).statusCode());
        String earlier = "Fri, 02 Jan 2026 03:04:04 GMT";
        assertEquals(200, get("/www/digits.txt", "If-Modified-Since", earlier).statusCode());
        assertEquals(
                200, get("/www/digits.txt", "If-Modified-Since", "yesterday").statusCode());
        HttpResponse<String> both = get("/www/digits.txt", "If-Modified-Since", MODIFIED, "If-None-Match", "\"other\"");
        assertEquals(200, both.statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=2-4, 234, bytes 2-4/10",
        "bytes=7-, 789, bytes 7-9/10",
        "bytes=-3, 789, bytes 7-9/10",
        "bytes=-99, 0123456789, bytes 0-9/10",
        "bytes=8-99999999999999999999, 89, bytes 8-9/10",
        "bytes=0-0, 0, bytes 0-0/10",
    })
    void aRangeIs206WithJustThatPart(String range, String part, String contentRange) throws Exception {
        HttpResponse<String> answer = get("/www/digits.txt", "Range", range);
        assertEquals(206, answer.statusCode());
        assertEquals(part, answer.body());
        assertEquals(contentRange, header(answer, "Content-Range"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999-"})
    void aRangeBeyondTheEndIs416(String range) throws Exception {
        HttpResponse<String> answer = get("/www/digits.txt", "Range", range);
        assertEquals(416, answer.statusCode());
        assertEquals("bytes */10", header(answer, "Content-Range"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,4-5", "bytes=4-2", "bytes=-", "lines=1-2", "bytes=a-b"})
    void aRangeThatIsNotOneSimpleRangeGetsTheWholeFile(String range) throws Exception {
        HttpResponse<String> answer = get("/www/digits.txt", "Range", range);
        assertEquals(200, answer.statusCode());
        assertEquals("0123456789", answer.body());
    }

    @Test
    void aRangeOfAChangedFileGetsTheWholeFile() throws Exception {
        String etag = header(get("/www/digits.txt"), "ETag");
        for (String same : new String[] {etag, MODIFIED}) {
            assertEquals(
                    206,
                    get("/www/digits.txt", "Range", "bytes=2-4", "If-Range", same)
                            .statusCode(),
                    same);
        }
        for (String other : new String[] {"W/" + etag, "\"other\"", "Fri, 02 Jan 2026 03:04:04 GMT"}) {
            assertEquals(
                    200,
                    get("/www/digits.txt", "Range", "bytes=2-4", "If-Range", other)
                            .statusCode(),
                    other);
        }
    }

    @Test
    void anEmptyFileIs200AndHasNoRanges() throws Exception {
        write("empty.txt", "");
        assertEquals("0", header(get("/www/empty.txt"), "Content-Length"));
        assertEquals(416, get("/www/empty.txt", "Range", "bytes=0-0").statusCode());
    }

    @Test
    void aDirectoryShowsItsIndexBehindASlash() throws Exception {
        write("index.html", "root");
        write("sub dir/index.html", "sub");
        assertEquals("root", get("/www/").body());
        assertEquals("sub", get("/www/sub%20dir/").body());
        HttpResponse<String> redirect = get("/www/sub%20dir?a=%2F");
        assertEquals(302, redirect.statusCode());
        assertEquals("/www/sub%20dir/?a=%2F", header(redirect, "Location"));
        assertEquals("/www/", header(get("/www"), "Location"));
    }

    @Test
    void aDirectoryWithoutAnIndexNamesWhatIsInItButForHiddenFiles() throws Exception {
        write("bare/b.txt", "b");
        write("bare/A.txt", "a");
        write("bare/.hidden", "h");
        Files.createDirectory(www.resolve("bare/sub"));
        assertEquals("A.txt\nb.txt\nsub\n", get("/www/bare/").body());
    }

    @Test
    void aFileWithASlashIs404() throws Exception {
        assertEquals(404, get("/www/digits.txt/").statusCode());
        assertEquals(404, get("/www/missing.txt").statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/www/../secret.txt",
                "/www/%2e%2e/secret.txt",
                "/www/%2e%2e%2fsecret.txt",
                "/www/..%2fsecret.txt",
                "/www/..%5csecret.txt",
                "/www/%252e%252e%252fsecret.txt",
                "/www/sub/..%2f..%2fsecret.txt",
                "/www/..;/secret.txt",
                "/www//secret.txt",
                "/www/%2fetc%2fpasswd",
                "/www/digits.txt%00",
                "/www/digits.txt%00.html",
                "/www/.%2fdigits.txt",
                "/www/%c0%ae%c0%ae/secret.txt",
            })
    void aPathThatLeavesTheDirectoryShowsNothing(String path) throws Exception {
        write("sub/x.txt", "x");
        String answer = raw(path);
        assertTrue(answer.matches("(?s)HTTP/1.1 (400|404) .*"), () -> path + " got " + answer);
        assertFalse(answer.endsWith("secret") || answer.contains("root:"), () -> path + " got " + answer);
        assertFalse(answer.contains(directory.toString()), () -> path + " tells a server path: " + answer);
    }

    @Test
    void aSymbolicLinkIsFollowedOnlyWithinTheDirectory() throws Exception {
        Files.createSymbolicLink(www.resolve("inside.txt"), Path.of("digits.txt"));
        Files.createSymbolicLink(www.resolve("outside.txt"), directory.resolve("secret.txt"));
        Files.createSymbolicLink(www.resolve("up"), directory);
        assertEquals("0123456789", get("/www/inside.txt").body());
        assertEquals(404, get("/www/outside.txt").statusCode());
        assertEquals(404, get("/www/up/secret.txt").statusCode());
        assertEquals(404, get("/www/up").statusCode());
    }

    private void write(String name, String text) throws IOException {
        Path file = www.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T03:04:05.678Z")));
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return client.send(request(path, headers).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** Sends the path as it is: java.net.http would normalize it. */
    private String raw(String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("(no " + name + ")");
    }
}
