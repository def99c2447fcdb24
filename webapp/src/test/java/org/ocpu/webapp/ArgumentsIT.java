package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of body and of argument that a call can have. */
class ArgumentsIT {
    private static final String BASE = "/ocpu/library/base/R/";
    private static final String IDENTITY = BASE + "identity/json?pretty=false";

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer(directory.resolve("data"), Map.of());
        RProgram.run(directory, """
                arguments <- list(x = list(a = 1:3, b = factor(c('u', 'v')), c = as.Date('2024-02-29')), simplify = TRUE)
                saveRDS(list(x = women), 'women.rds')
                saveRDS(list(x = women), 'plain.rds', compress = FALSE)
                saveRDS(list(x = women), 'ascii.rds', ascii = TRUE)
                saveRDS(list(x = women), 'bzip2.rds', compress = 'bzip2')
                saveRDS(list(x = women), 'xz.rds', compress = 'xz')
                saveRDS(list(x = women), 'old.rds', version = 2)
                saveRDS(women, 'value.rds')
                """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertValue(String json, HttpResponse<byte[]> made) {
        assertEquals(json, text(made));
        assertEquals(201, made.statusCode());
    }

    private static String key(HttpResponse<byte[]> made) {
        assertEquals(201, made.statusCode(), text(made));
        return header(made, "X-ocpu-session");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "42 | [42]",
                "-1.5e3 | [-1500]",
                "1e-20 | [1e-20]",
                "5L | [5]",
                "0x10 | [16]",
                "TRUE | [true]",
                "true | [true]",
                "false | [false]",
                "null | {}",
                "NULL | {}",
                "NA | [null]",
                "\"text\" | [\"text\"]",
                "\"é中😀\" | [\"é中😀\"]",
                "[1,2,3] | [1,2,3]",
                "[\"a\",null] | [\"a\",null]",
                "{\"a\":1,\"b\":[true]} | {\"a\":[1],\"b\":[true]}",
                "[{\"a\":1},{\"a\":2}] | [{\"a\":1},{\"a\":2}]",
                " [1] | [1]",
                "[] | []",
                "1:3 | [1,2,3]",
                "c(a = 1) | [1]",
                "pi | [3.1416]",
                "base::pi | [3.1416]",
                "datasets::women$height[1] | [58]",
                "(function(n) n + 1)(2) | [3]",
                "a <- 2; a^2 | [4]",
                "a = 2; a^2 | [4]",
                "{a <- 2; a} | [2]",
                "deparse(quote(a + b)) | [\"a + b\"]",
            })
    void aValueOfAFormIsJsonOrRCode(String code, String json) {
        assertValue(json, server.call(IDENTITY, "x", code));
        assertValue(json, new MultipartBody().field("x", code).post(server, IDENTITY));
    }

    @Test
    void linesOfCodeMayEndAsBrowsersEndThem() {
        assertValue("[15]", server.call(IDENTITY, "x", "a <- 5\r\na * 3"));
        assertValue("[7]", server.call(IDENTITY, "x", "# a comment\n7"));
    }

    @Test
    void jsonMembersAreValuesAndNeverCode() {
        assertValue("[\"1 + 1\"]", server.json(IDENTITY, "{\"x\":\"1 + 1\"}"));
        assertValue("{\"a\":[1,2],\"b\":{}}", server.json(IDENTITY, "{\"x\":{\"a\":[1,2],\"b\":null}}"));
        assertValue("[[1,2],[3,4]]", server.json(IDENTITY, "{\"x\":[[1,2],[3,4]]}"));
        assertValue("[{\"a\":1,\"b\":\"é\"}]", server.json(IDENTITY, "{\"x\":[{\"a\":1,\"b\":\"\\u00e9\"}]}"));
        assertValue("{}", server.json(IDENTITY, "{\"x\":null}"));
        assertValue("[6]", server.json(BASE + "sum/json", "{\"...\":[1,2,3]}"));
        String key = key(server.call(BASE + "identity", "x", "1"));
        assertValue("[\"" + key + "\"]", server.json(IDENTITY, "{\"x\":\"" + key + "\"}"));
    }

    @Test
    void argumentsOfAnyKindStandInTheOrderInWhichTheyWereSent() {
        HttpResponse<byte[]> made = new MultipartBody()
                .file("a", "a.txt", utf8("1"))
                .typed("b", "application/json", utf8("2"))
                .field("c", "1 + 2")
                .post(server, BASE + "list/json?pretty=false");
        assertValue("{\"a\":[\"a.txt\"],\"b\":[2],\"c\":[3]}", made);
    }

    @Test
    void anEmptyObjectIsACallWithoutArguments() {
        assertValue("[2]", server.json(BASE + "sum/json?pretty=false", "{\"x\":2}"));
        assertValue("[0]", server.json(BASE + "sum/json?pretty=false", "{}"));
        assertValue("[0]", server.form(BASE + "sum/json?pretty=false", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"women", "plain", "ascii", "bzip2", "xz", "old"})
    void aSerializedListHoldsTheArguments(String file) throws IOException {
        byte[] body = Files.readAllBytes(directory.resolve(file + ".rds"));
        HttpResponse<byte[]> made = server.post(BASE + "identity/csv", "application/rds", body);
        assertEquals(201, made.statusCode(), text(made));
        assertEquals(text(server.get("/ocpu/library/datasets/R/women/csv")), text(made));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-protobuf", "application/protobuf", "application/rprotobuf"})
    void aProtocolBufferMakesTheRoundTrip(String type) {
        String list = server.session("list(x = list(iris, 1i, NA, letters, as.raw(1:3), NULL, Sys.Date()))");
        byte[] body = server.get(list + "R/.val/pb").body();
        String key = key(server.post(BASE + "identity", type, body));
        String code = list.replaceAll(".*/tmp/(.*)/", "$1") + "::.val$x";
        assertValue("[true]", server.call(BASE + "identical/json", "x", key, "y", code));
    }

    @Test
    void typedPartsAreValues() throws IOException {
        byte[] rds = Files.readAllBytes(directory.resolve("value.rds"));
        byte[] pb = server.get("/ocpu/library/datasets/R/women/pb").body();
        assertValue(
                "[1,2]",
                new MultipartBody()
                        .typed("x", "application/json", utf8("[1,2]"))
                        .post(server, IDENTITY));
        assertValue(
                "[\"1 + 1\"]",
                new MultipartBody().typed("x", "text/plain", utf8("1 + 1")).post(server, IDENTITY));
        assertValue(
                "[\"é\"]",
                new MultipartBody()
                        .typed("x", "text/csv; charset=utf-8", utf8("é"))
                        .post(server, IDENTITY));
        assertValue(
                "[\"AAH/\"]",
                new MultipartBody()
                        .typed("x", "application/octet-stream", new byte[] {0, 1, -1})
                        .post(server, IDENTITY));
        for (MultipartBody women : List.of(
                new MultipartBody().typed("x", "application/rds", rds),
                new MultipartBody().typed("x", "application/rprotobuf", pb),
                new MultipartBody().typed("x", "application/x-protobuf", pb))) {
            HttpResponse<byte[]> same = women.field("y", "women").post(server, BASE + "identical/json");
            assertEquals(201, same.statusCode(), text(same));
            assertTrue(text(same).matches("\\[(true|false)]"), text(same));
        }
        assertEquals(
                415,
                new MultipartBody()
                        .typed("x", "image/png", new byte[1])
                        .post(server, IDENTITY)
                        .statusCode());
    }

    @Test
    void typedPartsOfAnObjectAreThatObject() throws IOException {
        byte[] rds = Files.readAllBytes(directory.resolve("value.rds"));
        String key = key(new MultipartBody().typed("x", "application/rds", rds).post(server, BASE + "identity"));
        assertValue("[true]", server.call(BASE + "all.equal/json", "target", key, "current", "women"));
    }

    @Test
    void anUploadedFileIsItsNameInTheWorkingDirectory() {
        MultipartBody csv = new MultipartBody()
                .file("file", "my data.csv", utf8("a,b\n1,x\n2,é\n"))
                .field("header", "TRUE");
        HttpResponse<byte[]> made = csv.post(server, "/ocpu/library/utils/R/read.csv");
        assertEquals(201, made.statusCode(), text(made));
        String session = "/ocpu/tmp/" + key(made) + "/";
        assertEquals("a,b\n1,x\n2,é", text(server.get(session + "files/my%20data.csv")));
        assertTrue(text(server.get(session + "R/.val/json?pretty=false"))
                .contains("{\"a\":1,\"b\":\"x\"},{\"a\":2,\"b\":\"é\"}"));
        assertTrue(text(made).contains("files/my data.csv") || text(made).contains("files/my%20data.csv"), text(made));
    }

    @Test
    void severalFilesAndADirectoryInANameAreTakenAsNames() {
        MultipartBody files =
                new MultipartBody().file("x", "../../a.txt", utf8("1")).file("y", "C:\\dir\\b.txt", utf8("2"));
        assertValue("{\"x\":[\"a.txt\"],\"y\":[\"b.txt\"]}", files.post(server, BASE + "list/json?pretty=false"));
    }

    @Test
    void unnamedArgumentsAreThoseOfTheDots() {
        assertValue("[6]", server.call(BASE + "sum/json", "...", "1, 2, 3"));
        assertValue("[3]", server.call(BASE + "sum/json", "...", "1, NA, 2, na.rm = TRUE"));
        assertValue("[\"a-b\"]", server.call(BASE + "paste/json", "...", "'a', 'b'", "sep", "'-'"));
        String key = key(server.call(BASE + "identity", "x", "1:4"));
        assertValue("[10]", server.call(BASE + "sum/json", "...", key));
        assertValue("[15]", server.call(BASE + "sum/json", "...", key + ", 5"));
    }

    @Test
    void aSessionKeyStandsForItsValueWhereverItIs() {
        String key = key(server.call(BASE + "identity", "x", "{helper <- 5; 1:4}"));
        for (String x : List.of(
                key, " " + key + " ", key + "::.val", "identity(" + key + ")", "c(" + key + "::.val)", key + "[1:4]")) {
            assertValue("[1,2,3,4]", server.call(IDENTITY, "x", x));
        }
        assertValue("[5]", server.call(IDENTITY, "x", key + "::helper"));
        assertValue("[1,2,3,4]", new MultipartBody().field("x", key).post(server, IDENTITY));
        assertValue("[\"" + key + "\"]", server.call(IDENTITY, "x", "\"" + key + "\""));
        HttpResponse<byte[]> missing = server.call(IDENTITY, "x", key + "::nosuch");
        assertEquals(400, missing.statusCode());
        assertTrue(text(missing).contains("nosuch"), text(missing));
    }

    @Test
    void aKeyLeadsFromCallToCall() {
        String model = key(server.call("/ocpu/library/stats/R/lm", "formula", "dist ~ speed", "data", "cars"));
        String summary = key(server.call(BASE + "summary", "object", model));
        assertValue("[0.6511]", server.call(IDENTITY, "x", summary + "::.val$r.squared"));
        assertValue("[-17.5791,3.9324]", server.call("/ocpu/library/stats/R/coef/json?pretty=false", "object", model));
    }

    @Test
    void functionsOfASessionAreCalledAndItsObjectsStayAsTheyAre() {
        String session = server.session("{count <- 1; add <- function(n = 1) {count <<- count + n; count}; add}");
        String before = text(server.get(session));
        HttpResponse<byte[]> made = server.call(session + "R/add", "n", "5");
        assertNotEquals(session, "/ocpu/tmp/" + key(made) + "/");
        assertEquals("[1]", text(server.get(session + "R/count/json")));
        assertEquals(before, text(server.get(session)));
        assertValue("[42]", server.call(session.replaceAll("/$", "::add/json"), "n", "41"));
        assertValue("[2]", server.call(session + "R/.val/json"));
        assertEquals(400, server.call(session + "R/count").statusCode());
        assertEquals(404, server.call(session + "R/nosuch").statusCode());
    }

    @Test
    void theFormatOfACallsAddressIsThatOfItsValue() {
        HttpResponse<byte[]> made = server.call("/ocpu/library/utils/R/head/csv", "x", "women", "n", "1");
        assertEquals(201, made.statusCode());
        assertEquals("\"height\",\"weight\"\r\n58,115", text(made));
        assertTrue(header(made, "Content-Type").startsWith("text/csv"));
        assertEquals(200, server.get("/ocpu/tmp/" + key(made) + "/R/.val/print").statusCode());
        HttpResponse<byte[]> console = server.call(BASE + "identity/console", "x", "{cat('so'); 1}");
        assertTrue(text(console).contains("so") && text(console).contains("[1] 1"), text(console));
        HttpResponse<byte[]> png = server.call("/ocpu/library/graphics/R/plot/png?width=100", "x", "1:3");
        assertEquals("image/png", header(png, "Content-Type"));
    }

    @Test
    void argumentsAreEvaluatedWhenTheFunctionWantsThem() {
        assertEquals("a + b", text(server.call(BASE + "quote/print", "expr", "a + b")));
        assertValue("[1]", server.call(BASE + "suppressWarnings/json", "expr", "{warning('w'); 1}"));
        assertValue("[9]", server.call(BASE + "with/json", "data", "list(a = 4)", "expr", "a + 5"));
    }
}
