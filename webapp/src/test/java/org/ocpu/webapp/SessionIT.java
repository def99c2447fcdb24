package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call leaves, and how it is read. */
class SessionIT {
    private static final String CODE = """
            {
              cat('first\\n')
              plot(1:3, main = 'one')
              message('a message')
              warning('a warning')
              squares <- (1:3)^2
              `odd name/é` <- 'odd'
              .hidden <- 1
              hist(c(1, 2, 2, 3))
              cat('last é')
              dir.create('sub/deep', recursive = TRUE)
              writeLines('inside', 'sub/deep/file.txt')
              writeLines('{"a":1}', 'data.json')
              writeLines('spaced', 'with space é.txt')
              'the value'
            }
            """;

    @TempDir
    static Path directory;

    private static TestServer server;
    private static String session;

    @BeforeAll
    static void start() {
        server = new TestServer(directory.resolve("data"), Map.of());
        session = server.session(CODE);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String read(String path) {
        HttpResponse<byte[]> answer = server.get(session + path);
        assertEquals(200, answer.statusCode(), () -> path + ": " + text(answer));
        return text(answer);
    }

    @Test
    void theListNamesAllThatTheCallLeft() {
        List<String> entries = read("").lines().toList();
        for (String entry : List.of(
                "R/.val",
                "R/squares",
                "R/.hidden",
                "graphics/1",
                "graphics/2",
                "messages",
                "stdout",
                "warnings",
                "source",
                "console",
                "info",
                "files/DESCRIPTION",
                "files/data.json",
                "files/sub/deep/file.txt")) {
            assertTrue(entries.contains(entry), entry + " is not in " + entries);
        }
        assertEquals(
                1, entries.stream().filter(entry -> entry.startsWith("R/odd")).count(), entries.toString());
    }

    @Test
    void objectsAreReadByTheirNames() {
        assertEquals("[\"the value\"]", read("R/.val/json"));
        assertEquals("[1, 4, 9]", read("R/squares/json"));
        assertEquals("[\"odd\"]", read("R/odd%20name%2F%C3%A9/json"));
        assertTrue(read("R/").lines().toList().containsAll(List.of(".val", "squares", "odd name/é")), read("R/"));
    }

    @Test
    void textsAreAsTheCallPrintedThem() {
        assertEquals("first\n\nlast é\n[1] \"the value\"", read("stdout/text"));
        assertEquals("a message", read("messages/text"));
        assertEquals("a warning", read("warnings/text"));
        assertTrue(read("source/text").startsWith("identity(x = {"), read("source/text"));
        String console = read("console/text");
        int last = -1;
        for (String part : List.of(
                "> identity(", "first", "a message", "a warning", "[[ plot ]]", "last é", "[1] \"the value\"")) {
            int at = console.indexOf(part, last + 1);
            assertTrue(at > last, part + " is missing or too early in " + console);
            last = at;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stdout/json?pretty=false | [\"first\\n\"]",
                "messages/json?pretty=false | [[\"a message\\n\"]]",
                "console/json?pretty=false | \"first\"",
                "warnings/print | [1] \"a warning\"",
                "source/text | identity(x",
                "warnings/csv | \"a warning\"",
            })
    void textsAreReadInOtherFormats(String path, String part) {
        assertTrue(read(path).contains(part), read(path));
    }

    @Test
    void textsThatACallDidNotLeaveAreEmpty() {
        String silent = server.session("invisible(1)");
        assertEquals("", text(server.get(silent + "messages/text")));
        assertEquals("[]", text(server.get(silent + "warnings/json")));
        assertEquals(404, server.get(silent + "nosuch").statusCode());
        assertEquals(404, server.get(silent + "graphics/1/png").statusCode());
    }

    @Test
    void plotsAreNumberedAndTheLastHasAName() {
        assertEquals("1\n2\nlast", read("graphics/"));
        assertEquals(read("graphics/2/svg"), read("graphics/last/svg"));
        assertTrue(!read("graphics/1/svg").equals(read("graphics/2/svg")));
        assertEquals(404, server.get(session + "graphics/3/png").statusCode());
        assertEquals(404, server.get(session + "graphics/0/png").statusCode());
    }

    @Test
    void theInfoIsThatOfRsSession() {
        assertTrue(read("info/print").startsWith("R version "), read("info/print"));
        assertTrue(read("info/text").contains("R version "), read("info/text"));
    }

    @Test
    void filesAreListedAndServedWithTheirMediaTypes() {
        assertEquals("data.json\nDESCRIPTION\nsub\nwith space é.txt", read("files/"));
        assertEquals("deep", read("files/sub/"));
        assertEquals("inside", read("files/sub/deep/file.txt"));
        assertEquals("spaced", read("files/with%20space%20%C3%A9.txt"));
        assertEquals(
                "application/json",
                header(server.get(session + "files/data.json"), "Content-Type").split(";")[0]);
        assertTrue(read("files/DESCRIPTION").startsWith("Package: x0"), read("files/DESCRIPTION"));
        HttpResponse<byte[]> slashless = server.get(session + "files/sub");
        assertTrue(header(slashless, "Location").endsWith("/files/sub/"), header(slashless, "Location"));
    }

    @Test
    void aLinkOutOfTheSessionIsNotFollowed() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Path secret = Files.writeString(outside.resolve("secret.txt"), "nobody's business");
        String links =
                server.session("{file.symlink('%s', 'link'); file.symlink('%s', 'dir')}".formatted(secret, outside));
        assertEquals(404, server.get(links + "files/link").statusCode());
        assertEquals(404, server.get(links + "files/dir/secret.txt").statusCode());
        for (String archive : List.of("zip", "tar")) {
            HttpResponse<byte[]> packed = server.get(links + archive);
            assertEquals(200, packed.statusCode(), text(packed));
            Map<String, byte[]> files = archive.equals("zip") ? unzipped(packed.body()) : untarred(packed.body());
            assertTrue(
                    files.values().stream()
                            .noneMatch(file -> new String(file, StandardCharsets.UTF_8).contains("business")),
                    archive + " holds what a link leads to");
        }
    }

    private static Map<String, byte[]> unzipped(byte[] archive) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive), StandardCharsets.UTF_8)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    private static Map<String, byte[]> untarred(byte[] archive) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(gzip, "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        return files;
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar"})
    void anArchiveHoldsTheFilesTheTextsAndTheObjectsForR(String kind) throws IOException {
        HttpResponse<byte[]> archive = server.get(session + kind);
        String key = session.replaceAll(".*/tmp/(.*)/", "$1");
        boolean zip = kind.equals("zip");
        assertEquals(
                "attachment;filename=\"" + key + (zip ? ".zip" : ".tar.gz") + "\"",
                header(archive, "Content-Disposition"));
        assertEquals(zip ? "application/zip" : "application/x-gzip", header(archive, "Content-Type"));
        Map<String, byte[]> files = zip ? unzipped(archive.body()) : untarred(archive.body());
        assertEquals("inside\n", new String(files.get("sub/deep/file.txt"), StandardCharsets.UTF_8));
        assertTrue(
                files.keySet().containsAll(List.of(".RData", "DESCRIPTION", "data.json", "with space é.txt")),
                files.keySet().toString());
        Files.write(directory.resolve(kind + ".RData"), files.get(".RData"));
        RProgram.run(directory, """
                load('%s.RData')
                stopifnot(identical(squares, (1:3)^2), identical(.val, 'the value'), identical(get('odd name/\\u00e9'), 'odd'))
                """.formatted(kind));
    }

    @Test
    void whatAFailedCallDidBeforeItsErrorIsKept() {
        HttpResponse<byte[]> failed = server.call(
                "/ocpu/library/base/R/identity",
                "x",
                "{cat('so far'); plot(1); kept <- 1; message('m'); writeLines('f', 'f.txt'); stop('no further')}");
        assertEquals(400, failed.statusCode());
        assertTrue(text(failed).startsWith("no further"), text(failed));
        String left = "/ocpu/tmp/" + header(failed, "X-ocpu-session") + "/";
        assertTrue(header(failed, "Location").endsWith(left), header(failed, "Location"));
        assertEquals("so far", text(server.get(left + "stdout/text")));
        assertEquals("m", text(server.get(left + "messages/text")));
        assertEquals("[1]", text(server.get(left + "R/kept/json")));
        assertEquals("f", text(server.get(left + "files/f.txt")));
        assertEquals(200, server.get(left + "graphics/1/png").statusCode());
        assertEquals(404, server.get(left + "R/.val/json").statusCode());
        assertTrue(text(server.get(left + "console/text")).contains("Error"), text(server.get(left + "console/text")));
    }

    @Test
    void everyPageOfACallIsAPlotAndAFigureOfSeveralIsOne() {
        String pages = server.session("for (i in 1:5) plot(i)");
        assertEquals("1\n2\n3\n4\n5\nlast", text(server.get(pages + "graphics/")));
        String panels = server.session("{par(mfrow = c(2, 2)); for (i in 1:4) plot(i); lines(1:2)}");
        assertEquals("1\nlast", text(server.get(panels + "graphics/")));
        String grid = server.session("{print(ggplot2::qplot(1:3)); print(lattice::xyplot(1 ~ 2)); 1}");
        assertEquals("1\n2\nlast", text(server.get(grid + "graphics/")));
    }

    @Test
    void aSessionTakesLittleDisk() throws IOException {
        long numbers = size(server.call("/ocpu/library/stats/R/rnorm", "n", "3"));
        assertTrue(numbers <= 4096, numbers + " bytes for three numbers");
        long plot = size(server.call("/ocpu/library/ggplot2/R/qplot", "x", "speed", "y", "dist", "data", "cars"));
        assertTrue(plot <= 320 * 1024, plot + " bytes for a plot");
    }

    private static long size(HttpResponse<byte[]> made) throws IOException {
        assertEquals(201, made.statusCode(), text(made));
        String key = header(made, "X-ocpu-session");
        try (Stream<Path> all = Files.walk(directory.resolve("data/sessions"))) {
            Path home = all.filter(path -> path.getFileName().toString().equals(key))
                    .findFirst()
                    .orElseThrow();
            try (Stream<Path> files = Files.walk(home)) {
                return files.filter(Files::isRegularFile)
                        .mapToLong(file -> file.toFile().length())
                        .sum();
            }
        }
    }
}
