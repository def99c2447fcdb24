package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ocpu.builder.AppName;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.LocalRepository;
import org.ocpu.builder.State;

/** The hosted apps as packages that any R installs: two owners' of the same name, beside a private one and a preview. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RepositoryIT {
    private static final String CONTRIB = "/ocpu/repo/src/contrib/";
    private static final AppName MOVING = new AppName("Cy", "Moving");

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(directory.resolve("data"), Map.of("previews", "true"));
        server.publish("Ada", "Tiny", source("1.0", "answer <- function() 'of Ada'\n"));
        server.publish("Bob", "Tiny.R", source("2.0", "answer <- function() 'of Bob'\n"));
        publish("Eve", source("9.0", ""), payload -> payload.withObject("/repository")
                .put("private", true));
        Path preview = SmallPackage.commit(Files.createTempDirectory(directory, "source"), "8.0", "");
        publish("Ada", preview, payload -> {
            payload.put("ref", "refs/heads/main");
            payload.withObject("/repository").put("default_branch", "trunk");
        });
        assertEquals(200, server.get("/ocpu/apps/Ada/Tiny@main/DESCRIPTION").statusCode());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Path source(String version, String code) throws IOException {
        return SmallPackage.write(Files.createTempDirectory(directory, "source"), version, code);
    }

    /** Pushes an owner's {@code Tiny} with another payload. */
    private static void publish(String owner, Path source, Consumer<ObjectNode> change) throws Exception {
        ObjectMapper json = new ObjectMapper();
        ObjectNode payload = (ObjectNode) json.readTree(
                LocalRepository.push(server.data.path(), owner, "Tiny", source).payload());
        change.accept(payload);
        BuildView view = server.finished(server.deliver(json.writeValueAsBytes(payload)));
        assertEquals(State.SUCCEEDED, view.state(), view.toString());
    }

    /** Runs R code with this repository as its only one, in a process of its own since R remembers indexes. */
    private static String r(String repository, String code) throws IOException {
        return RProgram.run(
                        directory, "options(repos = '%s%s')\n%s".formatted(server.server.address(), repository, code))
                .strip();
    }

    private static String available(String repository) throws IOException {
        return r(repository, """
                index <- available.packages(filters = list())
                path <- sub('.*/src/contrib/?', '', index[, 'Repository'])
                cat(paste(index[, 'Package'], index[, 'Version'], path), sep = '\\n')
                """);
    }

    /** Installs {@code tinypkg} from a repository into a new library and calls its function. */
    private static String installed(String repository) throws IOException {
        Path library = Files.createTempDirectory(directory, "library");
        String output = r(repository, """
                .libPaths('%s')
                install.packages('tinypkg', type = 'source')
                cat('ANSWER', tinypkg::answer(), as.character(packageVersion('tinypkg')))
                """.formatted(library));
        return output.replaceFirst("(?s).*ANSWER ", "");
    }

    @Test
    void anyRInstallsTheNewestOfAllOrThatOfAnOwner() throws Exception {
        String all = available("/ocpu/repo");
        assertTrue(all.startsWith("tinypkg 1.0 Ada/Tiny\ntinypkg 2.0 Bob/Tiny.R"), all);
        assertFalse(all.contains("Eve") || all.contains("9.0") || all.contains("8.0"), all);
        assertEquals("tinypkg 1.0 Tiny", available("/ocpu/repo/ada"));
        assertEquals("of Bob 2.0", installed("/ocpu/repo"));
        assertEquals("of Ada 1.0", installed("/ocpu/repo/Ada"));
    }

    @Test
    void whatWritePackagesTellsIsInTheIndex() throws Exception {
        Path source = source("1.0", "answer <- function() .Call('answer', PACKAGE = 'tinypkg')\n");
        String description = Files.readString(source.resolve("DESCRIPTION"));
        Files.writeString(
                source.resolve("DESCRIPTION"),
                description + "Depends: R (>= 3.5),\n    stats\nImports: utils\nSuggests: tools\nOS_type: unix\n");
        Files.writeString(source.resolve("NAMESPACE"), "export(answer)\nuseDynLib(tinypkg)\n");
        Files.createDirectories(source.resolve("src"));
        Files.writeString(
                source.resolve("src/code.c"),
                "#include <Rinternals.h>\nSEXP answer(void) { return Rf_mkString(\"of C\"); }\n");
        server.publish("Fay", "Compiled", source);
        assertEquals("of C 1.0", installed("/ocpu/repo/Fay"));
        HttpResponse<byte[]> tarball = server.get(CONTRIB + "Fay/Compiled/tinypkg_1.0.tar.gz");
        Path contrib = Files.createTempDirectory(directory, "contrib");
        Files.write(contrib.resolve("tinypkg_1.0.tar.gz"), tarball.body());
        String written = RProgram.run(
                contrib, "tools::write_PACKAGES(); cat(read.dcf('PACKAGES', keep.white = FALSE), sep = '\\n')");
        HttpResponse<byte[]> index = server.get("/ocpu/repo/Fay/src/contrib/PACKAGES");
        Files.write(contrib.resolve("PACKAGES"), index.body());
        String ours = RProgram.run(contrib, "cat(read.dcf('PACKAGES', keep.white = FALSE), sep = '\\n')");
        assertEquals(plain(written) + " Compiled", plain(ours));
        server.server.builds().remove(new AppName("Fay", "Compiled"));
    }

    /** Fields are folded as whoever wrote them likes. */
    private static String plain(String values) {
        return values.strip().replaceAll("\\s+", " ");
    }

    @Test
    void aNewPushAndARollbackChangeWhatIsOffered() throws Exception {
        String repository = "/ocpu/repo/Cy";
        server.publish("Cy", "Moving", source("1.0", "answer <- function() 'first'\n"));
        assertEquals("first 1.0", installed(repository));
        server.publish("Cy", "Moving", source("1.1", "answer <- function() 'second'\n"));
        assertEquals("tinypkg 1.1 Moving", available(repository));
        assertEquals("second 1.1", installed(repository));
        HttpResponse<byte[]> before = server.get(repository + "/src/contrib/Moving/tinypkg_1.0.tar.gz");
        assertEquals(200, before.statusCode(), "an R that read the index before the push still gets what it names");
        server.server.builds().rollback(MOVING, OptionalLong.empty());
        assertEquals("first 1.0", installed(repository));
        server.server.builds().remove(MOVING);
        assertEquals(404, server.get(repository + "/src/contrib/PACKAGES").statusCode());
        assertEquals(
                404,
                server.get(repository + "/src/contrib/Moving/tinypkg_1.0.tar.gz")
                        .statusCode());
    }

    @Test
    void anIndexIsAskedForAnewEachTimeAndComesCompressedToo() throws Exception {
        HttpResponse<byte[]> plain = server.get("/ocpu/repo/Ada/src/contrib/PACKAGES");
        HttpResponse<byte[]> gz = server.get("/ocpu/repo/Ada/src/contrib/PACKAGES.gz", "Accept-Encoding", "gzip");
        assertEquals("text/plain;charset=utf-8", header(plain, "Content-Type").replace(" ", ""));
        assertEquals("application/gzip", header(gz, "Content-Type"));
        assertEquals("", header(gz, "Content-Encoding"));
        assertArrayEquals(plain.body(), new GZIPInputStream(new ByteArrayInputStream(gz.body())).readAllBytes());
        for (String file : List.of("PACKAGES", "PACKAGES.gz")) {
            String path = "/ocpu/repo/Ada/src/contrib/" + file;
            HttpResponse<byte[]> head = server.head(path);
            assertEquals(200, head.statusCode());
            assertEquals(0, head.body().length);
            assertEquals("no-cache", header(head, "Cache-Control"));
            assertEquals(
                    304, server.get(path, "If-None-Match", header(head, "ETag")).statusCode());
        }
        assertEquals(404, server.get(CONTRIB + "PACKAGES.rds").statusCode(), "R then asks for PACKAGES.gz");
    }

    @Test
    void aTarballHasValidatorsAndRanges() {
        String path = CONTRIB + "ada/tiny/tinypkg_1.0.tar.gz";
        HttpResponse<byte[]> whole = server.get(path);
        assertEquals(200, whole.statusCode());
        assertEquals("application/gzip", header(whole, "Content-Type"));
        assertEquals("no-cache", header(whole, "Cache-Control"));
        assertFalse(header(whole, "Last-Modified").isEmpty());
        assertEquals(
                304, server.get(path, "If-None-Match", header(whole, "ETag")).statusCode());
        assertEquals("" + whole.body().length, header(server.head(path), "Content-Length"));
        HttpResponse<byte[]> part = server.get(path, "Range", "bytes=10-19");
        assertEquals(206, part.statusCode());
        assertArrayEquals(Arrays.copyOfRange(whole.body(), 10, 20), part.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src/contrib/Eve/Tiny/tinypkg_9.0.tar.gz",
                "Eve/src/contrib/Tiny/tinypkg_9.0.tar.gz",
                "src/contrib/Ada/Tiny@main/tinypkg_8.0.tar.gz",
                "Ada/src/contrib/Tiny@main/tinypkg_8.0.tar.gz",
                "src/contrib/Ada/Tiny/tinypkg_8.0.tar.gz",
                "src/contrib/Ada/Tiny/app.json",
                "src/contrib/Ada/Tiny/tinypkg/DESCRIPTION",
                "src/contrib/Ada/Tiny/..%2ftiny/tinypkg_1.0.tar.gz",
                "src/contrib/Ada/tinypkg_1.0.tar.gz",
                "src/contrib/tinypkg_1.0.tar.gz",
                "src/contrib/",
                "Zoe/src/contrib/PACKAGES",
                "Ada/",
                "bin/windows/contrib/4.2/PACKAGES"
            })
    void nothingElseIsThere(String path) {
        HttpResponse<byte[]> answer = server.get("/ocpu/repo/" + path);
        assertEquals(404, answer.statusCode(), text(answer));
        server.assertTellsNothing(text(answer));
    }

    @Test
    void anOwnerWhoOffersNothingHasAnEmptyIndex() throws IOException {
        assertEquals("", available("/ocpu/repo/Eve"));
    }

    @Test
    void aServerMayOfferPrivateSourcesToo() throws Exception {
        try (TestServer offering = new TestServer(directory.resolve("offering"), Map.of("repo.private", "true"))) {
            ObjectMapper json = new ObjectMapper();
            ObjectNode payload = (ObjectNode)
                    json.readTree(LocalRepository.push(offering.data.path(), "Eve", "Tiny", source("9.0", ""))
                            .payload());
            payload.withObject("/repository").put("private", true);
            assertEquals(
                    State.SUCCEEDED,
                    offering.finished(offering.deliver(json.writeValueAsBytes(payload)))
                            .state());
            assertTrue(text(offering.get(CONTRIB + "PACKAGES")).contains("Path: Eve/Tiny"));
            assertEquals(
                    200, offering.get(CONTRIB + "Eve/Tiny/tinypkg_9.0.tar.gz").statusCode());
        }
    }

    @Test
    void aPageSaysHowToUseIt() {
        assertEquals(302, server.get("/ocpu/repo").statusCode());
        String page = text(server.get("/ocpu/repo/"));
        assertTrue(
                page.contains("repos = c(\"http://localhost:"
                        + server.server.address().getPort() + "/ocpu/repo\""),
                page);
    }

    @Test
    void aDownloadFinishesAlthoughItsVersionIsRemovedMeanwhile() throws Exception {
        AppName name = new AppName("Dan", "Large");
        Path source = source("1.0", "");
        byte[] noise = new byte[24 << 20];
        new Random(1).nextBytes(noise);
        Files.createDirectories(source.resolve("inst"));
        Files.write(source.resolve("inst/noise"), noise);
        server.publish("Dan", "Large", source);
        Matcher md5 = Pattern.compile("MD5sum: (.*)").matcher(text(server.get("/ocpu/repo/Dan/src/contrib/PACKAGES")));
        assertTrue(md5.find());
        HttpResponse<InputStream> download = HttpClient.newHttpClient()
                .send(server.request(CONTRIB + "Dan/Large/tinypkg_1.0.tar.gz").build(), BodyHandlers.ofInputStream());
        Path app = server.data.path().resolve("apps/dan");
        MessageDigest digest = MessageDigest.getInstance("MD5");
        try (InputStream body = download.body()) {
            digest.update((byte) body.read());
            server.server.builds().remove(name);
            assertEquals(404, server.get("/ocpu/repo/Dan/src/contrib/PACKAGES").statusCode());
            assertTrue(Files.exists(app), "it is in use");
            digest.update(body.readAllBytes());
        }
        assertEquals(md5.group(1), HexFormat.of().formatHex(digest.digest()));
        while (Files.exists(app)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theTarballIsNoPackageOfTheVersionsLibrary() throws IOException {
        Path version = server.data.path().resolve("apps/ada/tiny/current").toRealPath();
        assertTrue(Files.exists(version.resolve("tinypkg_1.0.tar.gz")));
        assertEquals("tinypkg", RProgram.run(directory, "cat(rownames(installed.packages('%s')))".formatted(version)));
    }
}
