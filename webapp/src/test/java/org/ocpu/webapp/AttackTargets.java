package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What attacks are after: secrets in a server's data directory and beside it, another session, app and request, a process that notes
 * who signals it, sockets. Each secret has the same unguessable token in it, which is in no attack.
 */
final class AttackTargets implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Notes signals in a file, and listens on an abstract socket, until its standard input ends. */
    private static final String VICTIM = "use Socket; $| = 1; my $file = shift;"
            + " $SIG{CONT} = sub { open(my $f, '>>', $file); print $f 'signalled'; };"
            + " socket(S, AF_UNIX, SOCK_STREAM, 0) && bind(S, pack_sockaddr_un(\"\\0ocpu-victim-$$\")) && listen(S, 5)"
            + " or die $!; print \"ready\\n\";"
            + " while (1) { my $n = sysread(STDIN, my $byte, 1); last if defined $n && $n == 0; }";

    final String token = random();
    final UpProcess server;
    final AttackCode code;
    private final Path directory;
    private final Path signalled;
    private final Path outside;
    private final Process victim;
    private final ServerSocketChannel socket;
    private final ServerSocket port;
    private final String session;
    private final CompletableFuture<HttpResponse<byte[]>> request;
    private final Path requestDirectory;
    private final long worker;
    private final Deque<Closeable> opened = new ArrayDeque<>();
    private final String number = Integer.toString(100_000_000 + new SecureRandom().nextInt(900_000_000));

    AttackTargets(Path directory, AttackCode code) throws IOException {
        this(directory, code, Map.of());
    }

    /** @param more settings of the server besides what it takes to be attacked */
    AttackTargets(Path directory, AttackCode code, Map<String, String> more) throws IOException {
        this.directory = directory;
        this.code = code;
        this.signalled = directory.resolve("signalled");
        this.outside = Files.createDirectory(directory.resolve("outside"));
        try {
            secretFile("secret.txt");
            this.victim = victim();
            this.socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            opened.push(socket);
            socket.bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
            this.port = greeter();
            plantSegment();
            Path data = Files.createDirectory(directory.resolve("data"));
            Files.writeString(data.resolve("webhook.secret"), "webhook " + token + "\n");
            ProcessBuilder with = new ProcessBuilder();
            with.environment().put("OCPU_SECRET", "env " + token);
            this.server = new UpProcess(data, settings(more), with);
            opened.push(server::close);
            new AdminToken(DataDirectory.open(server.data())).renew();
            publish();
            this.session = server.session(
                    "{ secret <- '%s'; writeLines(secret, 'secret.txt'); cat(secret); secret }".formatted(token));
            this.request = server.calling(
                    "/ocpu/library/base/R/identity",
                    "x",
                    "{ writeLines('%s', 'secret.txt'); cat(Sys.getpid(), '', file = 'pid'); repeat Sys.sleep(1) }"
                            .formatted(token));
            this.requestDirectory = awaitRequest();
            this.worker = Long.parseLong(
                    Files.readString(requestDirectory.resolve("pid")).strip());
        } catch (IOException | RuntimeException | Error e) {
            try {
                close();
            } catch (IOException | RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("timelimit.post", "3600"); // the other request lives as long
        settings.put("smtp.host", "127.0.0.1");
        settings.put("smtp.port", "1");
        settings.put("smtp.user", "ocpu");
        settings.put("smtp.password", "smtp " + token);
        settings.put("sandbox", "auto");
        settings.put("network", "deny");
        settings.put("shutdown.grace", "1");
        settings.putAll(more);
        return settings;
    }

    private static String random() {
        byte[] random = new byte[12];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private Path secretFile(String name) throws IOException {
        Path file = Files.writeString(outside.resolve(name), "file " + token + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private Process victim() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("perl", "-e", VICTIM, signalled.toString());
        builder.environment().put("OCPU_SECRET", "victim " + token);
        Process process = builder.redirectErrorStream(true).start();
        opened.push(() -> process.destroyForcibly().onExit().join());
        assertEquals("ready", process.inputReader().readLine());
        return process;
    }

    /** Says hello to whoever connects. */
    private ServerSocket greeter() throws IOException {
        ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        opened.push(listening);
        Thread thread = new Thread(() -> {
            while (!listening.isClosed()) {
                try (Socket client = listening.accept()) {
                    client.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException gone) {
                    // The client went, or the test ends.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return listening;
    }

    private void plantSegment() throws IOException {
        opened.push(() -> RProgram.run(
                directory, "dyn.load('%s'); .C('ocpu_clean', '%s', 0L)".formatted(code.library(), number)));
        RProgram.run(
                directory,
                "dyn.load('%s'); .C('ocpu_plant', '%s', '%s')".formatted(code.library(), number, "segment " + token));
    }

    private void publish() throws IOException {
        Path attacker = directory.resolve("attacker");
        SourcePackage.write(
                attacker,
                "run <- function(code) eval(parse(text = code), new.env())\n",
                Map.of(
                        "src/attack.c",
                        Attack.source("attack.c"),
                        "NAMESPACE",
                        "exportPattern(\".\")\nuseDynLib(tinypkg)\n"));
        server.publish("ada/attacker", attacker);
        Path other = directory.resolve("other");
        SourcePackage.write(
                other,
                "secret <- function() '%s'\n".formatted(token),
                Map.of(
                        "DESCRIPTION",
                        "Package: other\nTitle: Other\nVersion: 1.0\nLicense: MIT\n",
                        "inst/secret.txt",
                        "app " + token));
        server.publish("bob/other", other);
        assertEquals(
                201, server.call("/ocpu/apps/bob/other/R/secret", new String[0]).statusCode());
    }

    private Path awaitRequest() throws IOException {
        while (true) {
            assertFalse(request.isDone(), "the other request ended");
            Path found = found(server.data().resolve("work"), path -> path.endsWith("pid"));
            if (found != null && Files.readString(found).endsWith(" ")) {
                return found.getParent();
            }
            Thread.onSpinWait();
        }
    }

    /** Null where there is none. */
    private static Path found(Path root, Predicate<Path> wanted) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(wanted).findFirst().orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UncheckedIOException vanished) {
            return null;
        }
    }

    private String existing(Path root, Predicate<Path> wanted) {
        Path found = found(root, wanted);
        assertFalse(found == null, () -> "nothing to attack below " + root);
        return found.toString();
    }

    private Path sessionDirectory() {
        String key = session.split("/")[3];
        return server.data().resolve("sessions").resolve(key.substring(0, 4)).resolve(key);
    }

    /** Of the engines; working directories come and go. */
    private List<String> sockets() {
        return server.work().stream()
                .filter(path -> path.startsWith("e/"))
                .map(path -> server.data().resolve("work").resolve(path))
                .filter(path -> !Files.isRegularFile(path) && !Files.isDirectory(path))
                .map(Path::toString)
                .toList();
    }

    /** R code that makes these known to attacks as {@code t}. */
    String named() throws IOException {
        Path data = server.data();
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("data", data);
        named.put("conf", data.resolve("ocpu.conf"));
        named.put("webhook", data.resolve("webhook.secret"));
        named.put("hash", data.resolve("admin.token.sha256"));
        named.put("database", existing(data.resolve("db"), Files::isRegularFile));
        named.put("log", existing(data.resolve("logs"), Files::isRegularFile));
        named.put("sessions", data.resolve("sessions"));
        named.put("session", sessionDirectory());
        String app = existing(data.resolve("apps"), path -> path.endsWith("other/secret.txt"));
        named.put("app", app);
        named.put("applibrary", Path.of(app).getParent().getParent());
        named.put("work", data.resolve("work"));
        named.put("workerdirectory", requestDirectory);
        named.put("outside", outside.resolve("secret.txt"));
        named.put("spare", secretFile("spare.txt"));
        named.put("removable", secretFile("removable.txt"));
        named.put("home", System.getProperty("user.home"));
        named.put("socket", directory.resolve("socket"));
        named.put("abstract", "ocpu-victim-" + victim.pid());
        named.put("port", Integer.toString(port.getLocalPort()));
        named.put("address", server.address().toString());
        named.put("segment", number);
        named.put("marker", "86400." + number);
        StringBuilder r =
                new StringBuilder("t <- list(server = %d, victim = %d, worker = %d, keys = %sL, engines = c(%s)"
                        .formatted(server.handle().pid(), victim.pid(), worker, number, quoted(sockets())));
        named.forEach((name, value) -> r.append(", %s = %s".formatted(name, quoted(value.toString()))));
        return r.append(")\n").toString();
    }

    private static String quoted(List<String> texts) {
        return String.join(", ", texts.stream().map(AttackTargets::quoted).toList());
    }

    /** R takes JSON's strings. */
    static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean victimWasSignalled() {
        return Files.exists(signalled) || !victim.isAlive();
    }

    boolean otherRequestRuns() {
        return !request.isDone();
    }

    /** The number that names what the n-th attack, from 1, leaves behind. */
    String key(int attack) {
        return Integer.toString(Integer.parseInt(number) + attack);
    }

    /** Processes that the n-th attack left. */
    List<ProcessHandle> leftBy(int attack) {
        String marker = "86400.%s%02d".formatted(number, attack);
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(marker))
                .toList();
    }

    /** All that was opened, the last first, even when closing one fails. */
    @Override
    public void close() throws IOException {
        Closeable last = opened.poll();
        if (last != null) {
            try {
                last.close();
            } finally {
                close();
            }
        }
    }
}
