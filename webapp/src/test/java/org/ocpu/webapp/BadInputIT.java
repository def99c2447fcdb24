package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client should send: each gets a clear 4xx that tells nothing of the server, and the next call is answered. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BadInputIT {
    private static final String IDENTITY = "/ocpu/library/base/R/identity";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";
    private static final String MULTIPART = "multipart/form-data; boundary=b";
    private static final String PART = "Content-Disposition: form-data; name=\"x\"\r\n\r\n";
    private static final int MAX_BODY = 1_000_000;

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(
                directory,
                Map.of(
                        "timelimit.post", "3",
                        "timelimit.get", "3",
                        "output.max", "1000000",
                        "body.max", Integer.toString(MAX_BODY)));
    }

    @AfterAll
    static void stop() {
        server.close();
        List<String> left = ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(directory.toString()))
                .toList();
        assertEquals(List.of(), left, "processes left behind");
    }

    @AfterEach
    void theNextCallIsAnswered() {
        assertEquals(
                "[1]",
                text(server.send(server.request(IDENTITY + "/json")
                        .header("Cache-Control", "no-cache")
                        .header("Content-Type", FORM)
                        .POST(BodyPublishers.ofString("x=1")))));
    }

    private static void refused(HttpResponse<byte[]> answer, int status, String part) {
        assertEquals(status, answer.statusCode(), text(answer));
        assertTrue(text(answer).contains(part), text(answer));
        server.assertTellsNothing(text(answer));
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments("invalid JSON", JSON, "{\"x\":", "Invalid JSON"),
                arguments("two JSON values", JSON, "{\"x\":1} {\"x\":2}", "Invalid JSON"),
                arguments("JSON that is an array", JSON, "[1,2]", "should be an object"),
                arguments("JSON that is a number", JSON, "1", "should be an object"),
                arguments("JSON that is a string", JSON, "\"x\"", "should be an object"),
                arguments("JSON that is not UTF-8", JSON, "{\"x\":\"\u00ff\"}", "not valid UTF-8"),
                arguments("JSON with a NUL byte", JSON, "{\"x\":\"a\u0000b\"}", "NUL"),
                arguments("JSON with an escaped NUL", JSON, "{\"x\":\"a\\u0000b\"}", "NUL"),
                arguments("JSON with a NUL in a name", JSON, "{\"x\\u0000\":1}", "NUL"),
                arguments(
                        "JSON nested deeply",
                        JSON,
                        "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                        "nested"),
                arguments(
                        "JSON objects nested deeply",
                        JSON,
                        "{\"x\":".repeat(100_000) + "1" + "}".repeat(100_000),
                        "nested"),
                arguments("an unnamed member", JSON, "{\"\":1}", "object"),
                arguments("an argument twice", FORM, "x=1&x=2", "more than once"),
                arguments("a form that is not UTF-8", FORM, "x=%ff", "not valid UTF-8"),
                arguments("a form that is cut off in a character", FORM, "x=%e2%82", "not valid UTF-8"),
                arguments("an overlong character", FORM, "x=%c0%af", "not valid UTF-8"),
                arguments("a surrogate", FORM, "x=%ed%a0%80", "not valid UTF-8"),
                arguments("a name that is not UTF-8", FORM, "%ff=1", "not valid UTF-8"),
                arguments("broken percent-encoding", FORM, "x=%zz", "percent-encoded"),
                arguments("cut percent-encoding", FORM, "x=%4", "percent-encoded"),
                arguments("a NUL byte", FORM, "x=%00", "NUL"),
                arguments("a NUL byte in a name", FORM, "x%00=1", "NUL"),
                arguments("code that does not parse", FORM, "x=c(1,2", "Unparsable argument"),
                arguments("code with an unknown token", FORM, "x=1 %2B* 2", "Unparsable argument"),
                arguments("code nested deeply", FORM, "x=" + "(".repeat(100_000) + ")".repeat(100_000), "Unparsable"),
                arguments(
                        "JSON nested deeply in a form",
                        FORM,
                        "x=" + "[".repeat(100_000) + "]".repeat(100_000),
                        "nested"),
                arguments("an argument that the function has not", FORM, "nosuch=1", "unused argument"),
                arguments("a session that is not there", FORM, "x=x0123456789abcdef", "Session not found"),
                arguments("no boundary", "multipart/form-data", "--b\r\n" + PART + "1\r\n--b--\r\n", "multipart"),
                arguments("a wrong boundary", MULTIPART, "--c\r\n" + PART + "1\r\n--c--\r\n", "multipart"),
                arguments("a body cut off in a part", MULTIPART, "--b\r\n" + PART + "1", "multipart"),
                arguments("a body cut off in a header", MULTIPART, "--b\r\nContent-Dispos", "multipart"),
                arguments("parts without an end", MULTIPART, "--b\r\n" + PART + "1\r\n--b\r\n", "multipart"),
                arguments("an empty multipart body", MULTIPART, "", "multipart"),
                arguments(
                        "a part without a name",
                        MULTIPART,
                        "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--\r\n",
                        "name"),
                arguments("a part without headers", MULTIPART, "--b\r\n\r\n1\r\n--b--\r\n", "name"),
                arguments(
                        "a part that is not UTF-8",
                        MULTIPART,
                        "--b\r\n" + PART + "\u00ff\r\n--b--\r\n",
                        "not valid UTF-8"),
                arguments("a part with a NUL byte", MULTIPART, "--b\r\n" + PART + "a\u0000\r\n--b--\r\n", "NUL"),
                arguments(
                        "a part twice",
                        MULTIPART,
                        "--b\r\n" + PART + "1\r\n--b\r\n" + PART + "2\r\n--b--\r\n",
                        "more than once"),
                arguments("a file without a usable name", MULTIPART, file(".."), "no usable name"),
                arguments("a file whose name is a directory", MULTIPART, file("a/"), "no usable name"),
                arguments(
                        "a protocol buffer that is none",
                        "application/x-protobuf",
                        "\u00ff\u00ff\u00ff",
                        "protocol buffer"),
                arguments("a cut protocol buffer", "application/x-protobuf", "\u0008\u0007\u0012P", "protocol buffer"),
                arguments("a serialization that is none", "application/rds", "no serialization", "R serialization"),
                arguments("a cut gzip stream", "application/rds", "\u001f\u008b\u0008\u0000\u0000", "R serialization"));
    }

    private static String file(String name) {
        return "--b\r\nContent-Disposition: form-data; name=\"x\"; filename=\"" + name + "\"\r\n\r\n1\r\n--b--\r\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void aBodyThatCannotBeReadIs400WithTheReason(String what, String type, String body, String reason) {
        refused(server.post(IDENTITY, type, body.getBytes(StandardCharsets.ISO_8859_1)), 400, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/xml", "garbage", ";;;", "application/", "/", "a/b; c=\"", "application/jsonx"})
    void anUnknownMediaTypeIs415(String type) {
        String answer = RawHttp.exchange(
                server,
                "POST " + IDENTITY + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: " + type
                        + "\r\nContent-Length: 3\r\n\r\nx=1");
        assertTrue(answer.startsWith("HTTP/1.1 415"), answer);
        server.assertTellsNothing(answer);
    }

    @Test
    void aBodyWithoutAMediaTypeIs415() {
        refused(
                server.send(server.request(IDENTITY).POST(BodyPublishers.ofString("x=1"))),
                415,
                "without Content-Type");
    }

    @Test
    void anUnknownCharacterSetDoesNotMatter() {
        for (String type : List.of(FORM + "; charset=nosuch", FORM + ";charset=\"")) {
            HttpResponse<byte[]> answer = server.post(IDENTITY + "/json", type, "x=1".getBytes(StandardCharsets.UTF_8));
            assertEquals("[1]", text(answer));
        }
    }

    @Test
    void aMediaTypeWithoutABodyIsACallWithoutArguments() {
        for (String type : List.of(FORM, JSON, "application/rds", "application/x-protobuf")) {
            refused(server.post(IDENTITY, type, new byte[0]), 400, "argument \"x\" is missing");
        }
    }

    @Test
    void aCompressedBodyIs415() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write("{\"x\":1}".getBytes(StandardCharsets.UTF_8));
        }
        HttpResponse<byte[]> answer = server.send(server.request(IDENTITY)
                .header("Content-Type", JSON)
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(compressed.toByteArray())));
        refused(answer, 415, "Content-Encoding");
        assertEquals("identity", header(answer, "Accept-Encoding"));
    }

    @ParameterizedTest
    @ValueSource(strings = {FORM, JSON, MULTIPART, "application/rds", "application/x-protobuf"})
    void aBodyThatIsTooLargeIs413WhetherOrNotItsLengthIsTold(String type) {
        byte[] start = (type.equals(MULTIPART) ? "--b\r\n" + PART : "x=").getBytes(StandardCharsets.UTF_8);
        byte[] large = new byte[MAX_BODY + start.length + 1];
        Arrays.fill(large, (byte) '1');
        System.arraycopy(start, 0, large, 0, start.length);
        refused(server.post(IDENTITY, type, large), 413, "body.max = " + MAX_BODY);
        refused(
                server.send(server.request(IDENTITY)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))),
                413,
                "body.max = " + MAX_BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {FORM, JSON, MULTIPART})
    void aClientThatAsksBeforeItSendsIsToldToGoOnOrThatItIsTooMuch(String type) {
        String head = "POST " + IDENTITY + "/json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                + type + "\r\nExpect: 100-continue\r\nContent-Length: ";
        String refused = RawHttp.exchange(server, head + (MAX_BODY + 1) + "\r\n\r\n"); // and never the body
        assertTrue(refused.startsWith("HTTP/1.1 413 "), refused);
        String body =
                type.equals(FORM) ? "x=42" : type.equals(JSON) ? "{\"x\":42}" : "--b\r\n" + PART + "42\r\n--b--\r\n";
        HttpResponse<byte[]> accepted = server.send(server.request(IDENTITY + "/json")
                .expectContinue(true)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body)));
        assertEquals(201, accepted.statusCode(), text(accepted));
        assertEquals("[42]", text(accepted));
    }

    @Test
    void tenThousandArgumentsPassAsAFormAsPartsAndAsJson() {
        String form =
                IntStream.range(0, 10_000).mapToObj(i -> "a" + i + "=" + i).collect(Collectors.joining("&"));
        String json =
                IntStream.range(0, 10_000).mapToObj(i -> "\"a" + i + "\":" + i).collect(Collectors.joining(","));
        MultipartBody parts = new MultipartBody();
        IntStream.range(0, 10_000).forEach(i -> parts.field("a" + i, Integer.toString(i)));
        String list = "/ocpu/library/base/R/list";
        for (HttpResponse<byte[]> made :
                List.of(server.form(list, form), server.json(list, "{" + json + "}"), parts.post(server, list))) {
            assertEquals(201, made.statusCode(), text(made));
            String key = header(made, "X-ocpu-session");
            assertEquals("[10000]", text(server.call("/ocpu/library/base/R/length/json", "x", key)));
        }
    }

    static Stream<Arguments> abuse() {
        return Stream.of(
                arguments("while (TRUE) {}", "timelimit.post = 3 s"),
                arguments("Sys.sleep(1000)", "timelimit.post = 3 s"),
                arguments("{system('sleep 1000'); 1}", "timelimit.post = 3 s"),
                arguments(
                        "repeat tryCatch(stop('x'), error = function(e) NULL, interrupt = function(e) NULL)",
                        "timelimit.post = 3 s"),
                arguments("quit()", "quit()"),
                arguments("quit(status = 7)", "7"),
                arguments("invokeRestart('abort')", "ended"),
                arguments("tools::pskill(Sys.getpid(), 9)", "signal 9"),
                arguments("tools::pskill(Sys.getpid(), 11)", "segmentation fault"),
                arguments("tools::pskill(Sys.getpid(), 15)", ""),
                arguments("stop('plain')", "plain"),
                arguments("stop()", ""),
                arguments(
                        "stop(structure(class = c('a', 'error', 'condition'), list(message = 'mine', call = NULL)))",
                        "mine"),
                arguments(
                        "stop(structure(class = c('a', 'error', 'condition'), list(message = list(1, 2), call = 3)))",
                        ""),
                arguments("stop(structure(class = c('a', 'error', 'condition'), list()))", ""),
                arguments("stop(structure(class = c('a', 'condition'), list()))", ""),
                arguments("stop(structure(class = 'error', 1))", ""),
                arguments(
                        "stop(structure(class = c('rlang_error', 'error', 'condition'), list(message = '', parent = 1, trace = 2)))",
                        ""),
                arguments("stop(strrep('long ', 1e5))", "long"),
                arguments("stop('\\u00e9\\n\\t\\\"\\u2603')", "\u00e9"),
                arguments("{f <- function(n) f(n + 1); f(1)}", "nested too deeply"),
                arguments("{close(stdout()); cat('y')}", ""),
                arguments("{repeat cat(strrep('a', 1e6))}", "output.max = 1000000"),
                arguments("for (i in 1:1000) cat(strrep('a', 1e6))", "output.max = 1000000"),
                arguments("{for (i in 1:2000) message(strrep('a', 1e6)); stop('done')}", ""),
                arguments("{unlink('..', recursive = TRUE); setwd('/'); stop('gone')}", ""),
                arguments("{options(error = quote(quit()), warn = 2, expressions = 25); stop('odd')}", ""),
                arguments("{rm(list = ls(baseenv()), envir = baseenv()); 1}", ""),
                arguments("nosuchobject", "nosuchobject"),
                arguments("numeric(1e15)", ""));
    }

    @ParameterizedTest
    @MethodSource("abuse")
    void aCallThatHarmsItselfIs400AndHarmsNothingElse(String code, String reason) {
        refused(server.call(IDENTITY, "x", code), 400, reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{closeAllConnections(); 1}",
                "{sink(tempfile()); 1}",
                "{sink(NULL); 1}",
                "{graphics.off(); 1}",
                "{setwd('/'); 1}",
                "{rm(list = ls(all.names = TRUE)); 1}",
                "{options(OutDec = ',', digits = 1, scipen = -100, encoding = 'latin1', warn = 2); 1}",
                "{Sys.setlocale('LC_ALL', 'C'); 1}",
                "{assign('c', function(...) stop('mine'), globalenv()); 1}",
                "{system('true &'); 1}",
            })
    void aCallThatChangesItsProcessSucceeds(String code) {
        HttpResponse<byte[]> made = server.call(IDENTITY + "/json", "x", code);
        assertEquals(201, made.statusCode(), text(made));
        assertEquals("[1]", text(made));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "png?filename=planted",
                "png?filename=planted&units=px",
                "pdf?file=planted",
                "svg?filename=planted",
                "svglite?file=planted",
                "svglite?filename=planted",
                "csv?file=planted",
                "tab?file=planted",
                "text?file=planted",
                "rds?file=planted",
                "rda?file=planted",
                "bin?con=planted",
                "ndjson?con=planted",
                "spss?path=planted",
                "print?file=planted",
                "md?file=planted",
                "png?width=-1",
                "png?width=1e9",
                "png?width=a",
                "pdf?height=0",
                "json?digits=system('id')",
                "json?dataframe=nosuch",
                "csv?eol=1",
                "csv?row.names=a,b",
                "print?digits=-1000",
            })
    void anOptionIsNeverCodeAndNamesNoFile(String format) {
        HttpResponse<byte[]> answer = server.get("/ocpu/library/datasets/R/women/" + format.replace("'", "%27"));
        assertTrue(answer.statusCode() == 200 || answer.statusCode() == 400, format + ": " + text(answer));
        assertFalse(text(answer).contains("uid="), text(answer));
        server.assertTellsNothing(text(answer));
        assertFalse(Files.exists(Path.of("planted")), "a query wrote a file");
    }
}
