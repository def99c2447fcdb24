package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks by what a request leaves for the server to read or answer, which is not confined as the request is: links and pipes in
 * the place of files, answers of the attacker's own, and what the next request might find.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SessionAttackIT {
    @TempDir
    static Path directory;

    private static AttackTargets targets;

    @BeforeAll
    static void plant() throws IOException {
        targets = new AttackTargets(directory, AttackCode.compile(directory));
    }

    @AfterAll
    static void remove() throws IOException {
        if (targets != null) {
            targets.close();
        }
    }

    @AfterEach
    void nobodyElseWasHit() {
        assertEquals("[42]", text(targets.server.call("/ocpu/library/base/R/sum/json", "...", "40, 2")));
        assertTrue(targets.otherRequestRuns(), "the other request ended");
    }

    /** Evaluates code that knows the targets as {@code t} and the attacks in C, after which a check shows that it ran. */
    private static HttpResponse<byte[]> attack(String path, String code) throws IOException {
        HttpResponse<byte[]> answer = targets.server.call(
                path,
                "x",
                "local({\n" + targets.named() + "t$code <- \"" + targets.code.base64() + "\"\n"
                        + Attack.source("prelude.R") + code + "\n})");
        assertFalse(Attack.isMistaken(text(answer)), () -> "the attack did not run: " + text(answer));
        return answer;
    }

    private static HttpResponse<byte[]> attack(String code) throws IOException {
        return attack("/ocpu/library/base/R/identity", code);
    }

    /** Everything that is to be had of a session, unpacked. */
    private static void assertNothingLeaks(HttpResponse<byte[]> made) throws IOException {
        assertHidden("the answer", made.body());
        String session = TestClient.session(made);
        if (session.equals("/ocpu/tmp//")) {
            return;
        }
        for (String path : List.of(
                "",
                "stdout/text",
                "console/text",
                "source/text",
                "messages/text",
                "warnings/text",
                "stdout/json",
                "R/",
                "R/x/rds",
                "R/x/print",
                "R/x/json",
                "R/.val/rds",
                "R/.val/print",
                "graphics/1/png",
                "graphics/1/rds",
                "info/print",
                "files/",
                "files/DESCRIPTION",
                "files/link",
                "files/hard",
                "files/directory/ocpu.conf",
                "files/directory/",
                "files/ocpu.conf",
                "files/loop/link",
                "files/environment",
                "files/pipe")) {
            HttpResponse<byte[]> answer = targets.server.get(session + path);
            assertHidden(path, answer.body());
            assertTrue(answer.statusCode() < 500, () -> path + ": " + answer.statusCode() + " " + text(answer));
        }
        assertHidden("zip", unzipped(targets.server.get(session + "zip")));
        assertHidden("tar", unpacked(targets.server.get(session + "tar")));
    }

    private static void assertHidden(String what, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(targets.token) || text.contains("root:x:"), () -> what + " has what is hidden");
    }

    private static byte[] unzipped(HttpResponse<byte[]> zip) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (zip.statusCode() == 200) {
            ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip.body()));
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                all.writeBytes(in.readAllBytes());
            }
        }
        return all.toByteArray();
    }

    private static byte[] unpacked(HttpResponse<byte[]> tar) throws IOException {
        if (tar.statusCode() != 200) {
            return new byte[0];
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(tar.body()))) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file.symlink(t$conf, 'link')",
                "file.symlink('/etc/passwd', 'link')",
                "file.symlink(paste0('/proc/self/root', t$conf), 'link')",
                "file.symlink(t$data, 'directory')",
                "file.symlink('/proc/self/environ', 'environment')",
                "file.link(t$conf, 'hard')",
                "{ file.symlink('.', 'loop'); file.symlink(t$conf, 'link') }",
                "{ file.symlink('b', 'link'); file.symlink(t$conf, 'b') }",
                "{ file.rename('../files', '../old'); file.symlink(t$data, '../files') }",
                "{ x <- 1; writeLines('a', 'index.html'); unlink('index.html'); file.symlink(t$conf, 'index.html') }",
                "system('mkfifo pipe')",
                "system('mkfifo DESCRIPTION')",
            })
    void linksInAFilesDirectoryLeadNowhere(String code) throws IOException {
        assertNothingLeaks(attack(code + "; 1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text.stdout",
                "text.console",
                "text.source",
                "texts.json",
                "R.x.rds",
                "R..val.rds",
                "graphics.1.rds",
                "session.json"
            })
    void filesThatTheServerReadsAreNoLinks(String file) throws IOException {
        String before = Files.readString(directory.resolve("outside/secret.txt"));
        for (String to : new String[] {"t$conf", "t$outside", "'/etc/passwd'"}) {
            assertNothingLeaks(attack("file.symlink(%s, '../%s'); 1".formatted(to, file)));
            assertNothingLeaks(
                    attack("cat(strrep('long ', 20000)); file.symlink(%s, '../%s'); plot(1); 1".formatted(to, file)));
        }
        assertEquals(before, Files.readString(directory.resolve("outside/secret.txt")), "a file outside was written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text.stdout", "texts.json", "R.x.rds", "graphics.1.rds", "session.json"})
    void filesThatTheServerReadsAreNoPipesOrDirectories(String file) throws IOException {
        assertNothingLeaks(attack("dir.create('../%s'); 1".formatted(file)));
        assertNothingLeaks(attack(
                "system(\"(i=0; until test -s ../texts.json || test $i -gt 20000; do i=$((i + 1)); done; mkfifo ../fifo;"
                        + " mv -fT ../fifo ../%s) >/dev/null 2>&1 &\"); 1".formatted(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{\"stdout\":["})
    void aListOfTextsThatIsNoneIsNoSession(String list) throws IOException {
        HttpResponse<byte[]> answer = attack(
                "writeLines(%s, '../texts.json'); header <- %s; .C('ocpu_forge', c(nchar(header), 0), header, '', 0L);"
                                .formatted(
                                        AttackTargets.quoted(list),
                                        AttackTargets.quoted("{\"status\":201,\"entries\":[\"R/.val\"]}"))
                        + " .Call(getNativeSymbolInfo('ocpu_exit', 'ocpu.worker'), NULL)");
        assertEquals(400, answer.statusCode(), text(answer));
        assertTrue(text(answer).contains("list of texts"), text(answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../texts.json", "../R..val.rds", "../../body", "../../output", "../text.stdout"})
    void filesThatAreReplacedMeanwhileDoNotLeak(String file) throws IOException {
        String swap = "stopifnot(.C('ocpu_swap', file.path(getwd(), '%s'), t$conf, 0L)[[3]] > 0L)".formatted(file);
        assertNothingLeaks(
                attack("/ocpu/library/base/R/identity/json", swap + "; cat(strrep('long ', 20000)); strrep('a', 3e6)"));
        assertNothingLeaks(attack(swap + "; cat(strrep('long ', 20000)); strrep('a', 3e6)"));
    }

    /** Answers that the worker did not give: the lengths say what they like. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-1 | 0 | {\"status\":201,\"entries\":[\"R/.val\"],\"type\":\"text/plain\\r\\nX-Attack: yes\"}",
                "-1 | 0 | {\"status\":201,\"entries\":[\"R/.val\"],\"type\":\"text/plain\",\"filename\":\"a\\r\\nX-Attack: yes\"}",
                "-1 | 0 | {\"status\":201,\"entries\":[\"R/.val\"],\"file\":\"../../../ocpu.conf\"}",
                "-1 | 0 | {\"status\":201,\"entries\":[\"R/.val\"],\"type\":\"text/plain\",\"spilled\":\"true\"}",
                "-1 | 0 | {\"status\":201,\"entries\":[\"../../../db\"]}",
                "-1 | 0 | {\"status\":99999}",
                "-1 | 0 | {\"status\":500,\"error\":\"x\"}",
                "-1 | 0 | [[[[",
                "-1 | 0 | \"a string\"",
                "2147483647 | 0 | {}",
                "4294967295 | 0 | {}",
                "-1 | 2147483647 | {\"status\":201,\"entries\":[\"R/.val\"]}",
                "-1 | 4294967295 | {\"status\":201,\"entries\":[\"R/.val\"]}",
                "-1 | 1099511627776 | {\"status\":201,\"entries\":[\"R/.val\"]}",
                "-1 | 9007199254740992 | {\"status\":201,\"entries\":[\"R/.val\"]}",
            })
    void aForgedAnswerHitsNobody(double headerLength, double bodyLength, String header) throws IOException {
        String quoted = AttackTargets.quoted(header);
        HttpResponse<byte[]> answer = attack(
                "/ocpu/library/base/R/identity/json",
                "file.symlink(t$conf, '../../body'); header <- %s; lengths <- c(%.0f, %.0f)\n"
                                .formatted(quoted, headerLength, bodyLength)
                        + "if (lengths[1] < 0) lengths[1] <- nchar(header, 'bytes')\n"
                        + "stopifnot(.C('ocpu_forge', lengths, header, '', 0L)[[4]] == 1L)\n"
                        + ".Call(getNativeSymbolInfo('ocpu_exit', 'ocpu.worker'))");
        assertTrue(answer.headers().firstValue("X-Attack").isEmpty(), "a header of the attacker's");
        assertHidden(header, answer.body());
    }

    @Test
    void aWorkerCannotEndAnotherInTheNameOfItsEngine() throws IOException {
        for (int what = 0; what < 4; what++) {
            attack("written <- function() .C('ocpu_write_channels', as.integer(c(t$worker, %d, 1)), 3L, 0L)[[3]]\n"
                            .formatted(what)
                    + "stopifnot(written() == 0L); own <- pipe('cat', 'w'); stopifnot(written() == 1L); close(own)");
        }
        // The engine looks at what it was told before it starts the worker of the next.
        for (int n = 0; n < 10; n++) {
            targets.server.evaluate("Sys.sleep(0.0%d)".formatted(n));
        }
    }

    @Test
    void aWorkerCannotTellTheServerHowOthersEnded() throws IOException {
        HttpResponse<byte[]> attacker =
                attack("stopifnot(.C('ocpu_write_text', strrep('exit 1 signal 9 -\\n', 3000), 0L)[[2]] == 0L)");
        assertEquals(201, attacker.statusCode(), text(attacker));
    }

    @Test
    void aWorkerCannotEndItsEngine() {
        String engine = "strsplit(readLines('/proc/self/stat'), ' ')[[1]][4]";
        String path = "/ocpu/apps/ada/attacker/R/run/json";
        String before = text(targets.server.call(path, "code", AttackTargets.quoted(engine)));
        HttpResponse<byte[]> shut =
                targets.server.call(path, "code", AttackTargets.quoted(".C('ocpu_shut_sockets', 0L)[[1]]"));
        assertEquals("[0]", text(shut), "a worker holds a socket that is not its own");
        assertEquals(before, text(targets.server.call(path, "code", AttackTargets.quoted(engine + "; " + engine))));
    }

    /** What is left of a request's own directory is nothing that the server stumbles over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sys.chmod('../..', '000')",
                "Sys.chmod('../..', '555')",
                "Sys.chmod('../../tmp', '000')",
                "unlink('../../tmp', recursive = TRUE); file.symlink(t$data, '../../tmp')",
                "unlink(dirname(dirname(getwd())), recursive = TRUE)",
            })
    void aClosedOrReplacedDirectoryIsTheEndOfItsRequestOnly(String code) throws IOException {
        for (String path : List.of("/ocpu/library/base/R/identity/json", "/ocpu/apps/ada/attacker/R/run/json")) {
            HttpResponse<byte[]> answer = path.contains("run")
                    ? targets.server.call(path, "code", AttackTargets.quoted(code.replace("t$data", "'/etc'")))
                    : attack(path, code);
            assertTrue(answer.statusCode() < 500, path + ": " + text(answer));
        }
    }

    @Test
    void aFileNameIsNoHeader() {
        String session = targets.server.session("file.create('a\\r\\nX-Attack: yes\\r\\n\\r\\nx.csv')");
        for (String path : List.of("files/", "files/a%0d%0aX-Attack:%20yes%0d%0a%0d%0ax.csv", "zip", "tar", "")) {
            HttpResponse<byte[]> answer = targets.server.get(session + path);
            assertTrue(answer.headers().firstValue("X-Attack").isEmpty(), path);
            assertTrue(answer.statusCode() < 500, path + ": " + text(answer));
        }
    }

    private static final String STATE =
            "local({ list(options(), Sys.getenv(), ls(globalenv(), all.names = TRUE), search(),"
                    + " sort(loadedNamespaces()), Sys.umask(), Sys.getlocale(), RNGkind(), .libPaths(), basename(getwd()),"
                    + " list.files(tempdir(), all.files = TRUE), list.files('~', all.files = TRUE), list.files(all.files = TRUE),"
                    + " exists('.Random.seed', globalenv()), body(base::identity), getHook('plot.new'), connections <- nrow("
                    + "showConnections()), grDevices::dev.list(), .packages(), sink.number()) |> lapply(format) |> unlist() |> trimws() |>"
                    + " gsub(pattern = '[0-9a-z]*/r[0-9]+', replacement = '') |> gsub(pattern = '<.*>', replacement = '') |>"
                    + " paste(collapse = '\\n') })";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "options(digits = 3, error = quote(q()))",
                "Sys.setenv(PATH = '/tmp', LD_PRELOAD = 'x', OCPU_ATTACK = '1')",
                "assign('attack', 1, globalenv())",
                "{ f <- base::identity; body(f) <- 1; unlockBinding('identity', baseenv()); assign('identity', f, baseenv()) }",
                "{ Sys.umask('000'); Sys.setlocale('LC_ALL', 'C'); set.seed(1); RNGkind('Wichmann-Hill') }",
                "{ writeLines('stop()', '~/.Rprofile'); writeLines('A=1', '~/.Renviron'); dir.create('~/R') }",
                "{ writeLines('a', tempfile()); writeLines('a', file.path(dirname(getwd()), '..', 'tmp', 'a')) }",
                "{ .libPaths(c(getwd(), .libPaths())); attach(list(a = 1)); setHook('plot.new', function() stop()) }",
                "{ sink('a'); plot(1); file('b', 'w'); loadNamespace('tcltk') }",
                "utils::assignInNamespace('toJSON', function(...) 'attacked', 'jsonlite')",
                "lapply(1:200, function(i) try(writeLines('x', file.path('../..', i))))",
            })
    void theNextRequestFindsNothingOfThisOne(String code) {
        String before = text(targets.server.call("/ocpu/library/base/R/identity/print", "x", STATE));
        targets.server.evaluate(code);
        for (int n = 0; n < 6; n++) {
            HttpResponse<byte[]> after = targets.server.call(
                    "/ocpu/library/base/R/identity/print", "x", STATE + " ".repeat(n + 1 + code.length()));
            assertEquals(before, text(after));
        }
    }

    /** A program that others of the machine could run as the server's user. */
    @Test
    void noFileOfASessionGivesItsOwnersPowers() throws IOException {
        String session = targets.server.session("system(\"perl -e 'use Fcntl; umask 0; mkdir(q(d), 01755);"
                + " sysopen(F, q(program), O_CREAT | O_WRONLY, 04755) or die'\")");
        String key = session.split("/")[3];
        Path files = targets.server
                .data()
                .resolve("sessions")
                .resolve(key.substring(0, 4))
                .resolve(key)
                .resolve("files");
        for (String name : List.of("program", "d")) {
            int mode = (int) Files.getAttribute(files.resolve(name), "unix:mode");
            assertEquals(0755, mode & 07777, name);
        }
    }
}
