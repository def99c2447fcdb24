package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The core with real R. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RpcServiceIT {
    @TempDir
    static Path data;

    private static RpcService rpc;

    @BeforeAll
    static void start() {
        rpc = RpcService.open(AppConfig.from(Map.of("timelimit.post", "5", "workers.idle", "2")), data);
    }

    @AfterAll
    static void stop() {
        rpc.close();
        assertEquals(List.of(), processesNaming(data.toString()), "processes left behind by the engines");
    }

    private static List<String> processesNaming(String text) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(text))
                .map(process ->
                        process.pid() + " " + process.info().commandLine().orElse(""))
                .toList();
    }

    private static Made call(String name, Map<String, String> form, String format) {
        String[] parts = name.split("::");
        // Fresh, since most tests are about evaluation.
        Output output = new Output(Optional.of(format).filter(f -> !f.isEmpty()), Map.of(), true);
        return rpc.by(Client.SERVER)
                .call(rpc.libraries().globalPackage(parts[0]), parts[1], Arguments.ofForm(form), output);
    }

    private static String value(String name, Map<String, String> form) {
        return text(call(name, form, "json").rendered().orElseThrow());
    }

    private static String text(Rendered rendered) {
        return new String(bytes(rendered), StandardCharsets.UTF_8).strip();
    }

    private static byte[] bytes(Rendered rendered) {
        try (InputStream body = rendered.content().stream()) {
            return body.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String print(Session session, String object) {
        return text(rpc.by(Client.SERVER).read(Reading.object(session, object, Output.of("print"))));
    }

    @Test
    void aCallReturnsItsValueAndKeepsASession() {
        assertTrue(value("stats::rnorm", Map.of("n", "3")).matches("\\[-?[0-9.]+, -?[0-9.]+, -?[0-9.]+]"));
        Made made = call("stats::rnorm", Map.of("n", "3"), "");
        assertEquals(
                List.of("R/.val", "R/rnorm", "stdout", "source", "console", "info", "files/DESCRIPTION"),
                made.entries());
        Session session = rpc.session(made.key().value());
        assertEquals(
                "[1] 3",
                text(call("base::length", Map.of("x", made.key().value()), "print")
                        .rendered()
                        .orElseThrow()));
        assertTrue(print(session, ".val").startsWith("[1]"));
    }

    @Test
    void twoCallsDoNotDrawTheSameNumbers() {
        assertFalse(value("stats::rnorm", Map.of("n", "3")).equals(value("stats::rnorm", Map.of("n", "3"))));
    }

    @Test
    void argumentsAreCodeJsonOrSessionKeys() {
        assertEquals("[1, 4, 7, 10]", value("base::identity", Map.of("x", "seq(1,10,by=3)")));
        assertEquals("[15]", value("base::identity", Map.of("x", "a<-5\na*3")));
        assertEquals("[true]", value("base::identity", Map.of("x", "true")));
        assertEquals("[2]", value("base::length", Map.of("x", "[\"a\",\"b\"]")));
        String key = call("stats::lm", Map.of("formula", "weight~height", "data", "women"), "")
                .key()
                .value();
        assertEquals("[-87.5167, 3.45]", value("stats::coef", Map.of("object", key)));
        assertEquals("[2]", value("base::length", Map.of("x", "coef(" + key + "::.val)")));
        assertEquals("[6]", value("base::sum", Map.of("...", "1, 2, 3")));
        Made json = rpc.by(Client.SERVER)
                .call(
                        rpc.libraries().globalPackage("base"),
                        "paste",
                        Arguments.ofBody(
                                Arguments.Encoding.JSON,
                                "{\"x\":\"é\",\"sep\":\"-\",\"y\":[1,2]}".getBytes(StandardCharsets.UTF_8)),
                        Output.of("json"));
        assertEquals("[\"é-1\", \"é-2\"]", text(json.rendered().orElseThrow()));
    }

    @Test
    void anErrorIsRsMessageAndTheOutputUpToItIsKept() {
        CallFailedException failed = assertThrows(
                CallFailedException.class,
                () -> call("base::identity", Map.of("x", "{cat('so far'); stop('no further')}"), "json"));
        assertTrue(failed.getMessage().startsWith("no further"), failed.getMessage());
        Session session = rpc.session(failed.session().orElseThrow().value());
        assertTrue(session.text("stdout").isPresent());
    }

    @Test
    void argumentsThatDoNotParseAreRefusedWithTheReason() {
        CallFailedException failed =
                assertThrows(CallFailedException.class, () -> call("base::identity", Map.of("x", "c(1,2"), "json"));
        assertTrue(failed.getMessage().startsWith("Unparsable argument: c(1,2"), failed.getMessage());
        assertThrows(NotFoundException.class, () -> call("base::nosuchfunction", Map.of(), "json"));
    }

    @Test
    void plotsAreKeptAndRenderedInAnyFormat() throws IOException {
        Made made = call("base::lapply", Map.of("X", "1:2", "FUN", "function(i) plot(i)"), "");
        assertTrue(
                made.entries().containsAll(List.of("graphics/1", "graphics/2")),
                made.entries().toString());
        Session session = rpc.session(made.key().value());
        byte[] png = bytes(rpc.by(Client.SERVER)
                .read(Reading.plot(session, "1", new Output(Optional.of("png"), Map.of("width", "300"), false))));
        assertArrayEquals(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, Arrays.copyOf(png, 4));
        assertTrue(text(rpc.by(Client.SERVER).read(Reading.plot(session, "last", Output.of("svg"))))
                .contains("<svg"));
        assertTrue(text(rpc.by(Client.SERVER).read(Reading.plot(session, "2", Output.of("pdf"))))
                .startsWith("%PDF"));
        assertThrows(NotFoundException.class, () -> rpc.by(Client.SERVER)
                .read(Reading.plot(session, "3", Output.of("png"))));
    }

    @Test
    void filesThatACallWritesAreInItsSession() {
        Made made = call("utils::write.csv", Map.of("x", "women", "file", "'out.csv'"), "");
        assertTrue(made.entries().contains("files/out.csv"));
        assertTrue(Files.isRegularFile(
                rpc.session(made.key().value()).filesDirectory().resolve("out.csv")));
    }

    @Test
    void aCallThatRunsTooLongIsKilledWithAllItStarted() {
        String mark = "31" + ProcessHandle.current().pid();
        String code = "{system('setsid sleep " + mark + " & sleep " + mark + " &'); Sys.sleep(1000)}";
        WorkerLostException lost =
                assertThrows(WorkerLostException.class, () -> call("base::identity", Map.of("x", code), "json"));
        assertTrue(lost.getMessage().contains("timelimit.post = 5 s"), lost.getMessage());
        assertEquals("[1]", value("base::identity", Map.of("x", "1")), "the next call works");
        assertEquals(List.of(), processesNaming("sleep " + mark));
    }

    @Test
    void aCallThatKillsItsProcessIsAnErrorThatSaysSo() {
        WorkerLostException quit = assertThrows(WorkerLostException.class, () -> call("base::quit", Map.of(), "json"));
        assertTrue(quit.getMessage().contains("quit()"), quit.getMessage());
        WorkerLostException killed = assertThrows(
                WorkerLostException.class,
                () -> call("tools::pskill", Map.of("pid", "Sys.getpid()", "signal", "11"), "json"));
        assertTrue(killed.getMessage().contains("segmentation fault"), killed.getMessage());
        assertEquals("[1]", value("base::identity", Map.of("x", "1")));
    }

    @Test
    void aPackageAnswersFromAnEngineOfItsOwn() {
        assertTrue(value("MASS::huber", Map.of("y", "[1,2,3,9]")).contains("2.7413"));
        PackageRef mass = rpc.libraries().globalPackage("MASS");
        assertTrue(text(rpc.by(Client.SERVER).read(Reading.objects(mass))).contains("\nhuber\n"));
        assertTrue(text(rpc.by(Client.SERVER).read(Reading.object(mass, "cats", Output.of("csv"))))
                .startsWith("\"Sex\",\"Bwt\""));
        assertThrows(NotFoundException.class, () -> rpc.libraries().globalPackage("nosuchpackage"));
        assertThrows(NotFoundException.class, () -> rpc.libraries().globalPackage("../MASS"));
    }

    @Test
    void whetherAPackageLoadsIsToldWithRsOwnWords() {
        Path global = rpc.libraries().globalPackage("MASS").library();
        LoadCheck good = rpc.checkLoads(global, "MASS", Duration.ofSeconds(30));
        assertTrue(good.loads(), good.output());
        assertTrue(good.sessionInfo().contains("MASS"), good.sessionInfo());
        LoadCheck missing = rpc.checkLoads(global, "nosuchpackage", Duration.ofSeconds(30));
        assertFalse(missing.loads());
        assertTrue(missing.output().contains("nosuchpackage"), missing.output());
    }

    @Test
    void aCallSeesRAsItStarts() {
        assertFalse(value("base::search", Map.of()).contains("ocpu"));
        assertEquals("[]", value("base::ls", Map.of("name", "globalenv()", "all.names", "TRUE")));
        assertEquals(
                "[null]", value("base::identity", Map.of("x", "get0('.Random.seed', globalenv(), ifnotfound = NA)")));
    }

    @Test
    void aLargeValueArrivesWhole() {
        Rendered large = call("base::strrep", Map.of("x", "'abcd'", "times", "3e6"), "json")
                .rendered()
                .orElseThrow();
        assertEquals(12_000_005, large.content().length());
        assertEquals(12_000_005, bytes(large).length);
    }

    private static Made repeated(String form) {
        return rpc.by(Client.SERVER)
                .call(
                        rpc.libraries().globalPackage("stats"),
                        "rnorm",
                        Arguments.ofForm(Map.of("n", form)),
                        Output.of("json"));
    }

    @Test
    void theSameCallHasTheSessionOfTheFirstUnlessItIsToBeFresh() {
        Made first = repeated("11");
        Made again = repeated("11");
        assertEquals(CacheState.HIT, again.cache());
        assertEquals(first.key(), again.key());
        assertEquals(text(first.rendered().orElseThrow()), text(again.rendered().orElseThrow()));
        assertFalse(first.key()
                .equals(call("stats::rnorm", Map.of("n", "11"), "json").key()));
        assertFalse(first.key().equals(repeated("12").key()));
    }

    @Test
    void whatIsReadAgainComesFromWhatIsKept() {
        Reading reading = Reading.object(rpc.libraries().globalPackage("datasets"), "trees", Output.of("csv"));
        assertEquals(CacheState.MISS, rpc.by(Client.SERVER).read(reading).cache());
        assertEquals(CacheState.HIT, rpc.by(Client.SERVER).read(reading).cache());
        assertEquals(
                CacheState.BYPASS, rpc.by(Client.SERVER).read(reading.fresh()).cache());
        assertEquals(rpc.etag(reading), rpc.etag(reading.fresh()));
    }

    @Test
    void aScriptLeavesItsObjectsAndMayBeOneThatACallWrote() {
        Made written = call("base::writeLines", Map.of("text", "'answer <- 6 * 7'", "con", "'script.R'"), "");
        Session session = rpc.session(written.key().value());
        Made run = rpc.by(Client.SERVER)
                .run(session, session.filesDirectory().resolve("script.R"), Arguments.NONE, Output.of("none"));
        assertEquals("[1] 42", print(rpc.session(run.key().value()), "answer"));
    }

    @Test
    void protocolBuffersAreReadAndWritten() {
        PackageRef datasets = rpc.libraries().globalPackage("datasets");
        String list = call("base::list", Map.of("x", "women"), "").key().value();
        byte[] body = bytes(rpc.by(Client.SERVER).read(Reading.object(rpc.session(list), ".val", Output.of("pb"))));
        Made made = rpc.by(Client.SERVER)
                .call(
                        rpc.libraries().globalPackage("base"),
                        "identity",
                        Arguments.ofBody(Arguments.Encoding.PROTOBUF, body),
                        Output.of("csv"));
        assertEquals(
                text(rpc.by(Client.SERVER).read(Reading.object(datasets, "women", Output.of("csv")))),
                text(made.rendered().orElseThrow()));
    }

    @Test
    void whatALinkLeadsToIsNoFileOfASession() throws IOException {
        Path secret = Files.writeString(data.resolve("secret.txt"), "secret");
        Made made = call("base::file.symlink", Map.of("from", "'" + secret + "'", "to", "'link'"), "");
        assertFalse(made.entries().contains("files/link"), made.entries().toString());
    }

    @Test
    void messagesNameNoPathOfTheServer() {
        CallFailedException failed = assertThrows(
                CallFailedException.class,
                () -> call("base::stop", Map.of("...", "tempdir(), ' ', getwd(), '/x'"), "json"));
        assertFalse(failed.getMessage().contains(data.toString()), failed.getMessage());
        assertFalse(failed.getMessage().contains("requests"), failed.getMessage());
    }

    @Test
    void nothingOfARequestStaysInAWorkingDirectory() throws IOException {
        call("base::writeLines", Map.of("text", "'x'", "con", "tempfile()"), "");
        call("base::identity", Map.of("x", "1"), "json");
        try (Stream<Path> left = Files.walk(data.resolve("work").resolve("requests"))) {
            assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
        }
    }
}
