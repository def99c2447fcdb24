package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server in a process of its own, so that it can be attacked and sent signals without hitting the test, and a client of it. */
final class UpProcess extends TestClient implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration END = Duration.ofMinutes(1);

    private final Path data;
    private final Path output;
    private final Process process;
    private final URI address;

    /** Starts one and returns when it is up. */
    UpProcess(Path directory, Map<String, String> settings) throws IOException {
        this(directory, settings, new ProcessBuilder());
    }

    /** @param with the environment to start it in, and a command to run it with, if any */
    UpProcess(Path directory, Map<String, String> settings, ProcessBuilder with) throws IOException {
        this(directory, settings, with, "Ctrl-C", "--no-demo");
    }

    /** Starts one that brings the sample app, and returns when it has printed a line that has this, at its address or later. */
    static UpProcess withSampleApp(Path directory, Map<String, String> settings, String line) throws IOException {
        return new UpProcess(directory, settings, new ProcessBuilder(), line);
    }

    private UpProcess(Path directory, Map<String, String> settings, ProcessBuilder with, String line, String... options)
            throws IOException {
        this.data = Files.createDirectories(directory).toRealPath();
        Properties configuration = new Properties();
        configuration.putAll(settings);
        try (var file = Files.newBufferedWriter(data.resolve("ocpu.conf"))) {
            configuration.store(file, null);
        }
        KeptWorkerPackage.bring(data);
        this.output = Files.createTempFile("ocpu-up", ".output");
        List<String> command = new ArrayList<>(with.command());
        command.addAll(java());
        command.addAll(List.of("up", "--port", "0", "--data", data.toString()));
        command.addAll(List.of(options));
        this.process = with.command(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            awaitLine(line, START);
            this.address = URI.create(DataDirectory.open(data).address().orElseThrow());
            KeptWorkerPackage.keep(data);
        } catch (RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    /** What runs this program's commands. */
    static List<String> java() throws IOException {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Docpu.home=" + Path.of("..").toRealPath(),
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
    }

    /** The first line that it prints that has this, once it does. */
    String awaitLine(String part) {
        return awaitLine(part, END);
    }

    private String awaitLine(String part, Duration patience) {
        List<String> found = new ArrayList<>();
        TestServer.within(patience, () -> {
            boolean over = !process.isAlive();
            printed().lines().filter(line -> line.contains(part)).forEach(found::add);
            return over || !found.isEmpty();
        });
        assertFalse(found.isEmpty(), () -> "no '" + part + "' in " + printed());
        return found.get(0);
    }

    /** The lines that it has printed, whole ones only. */
    String printed() {
        try {
            String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path data() {
        return data;
    }

    @Override
    URI address() {
        return address;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Publishes a package as {@code ./ocpu push} does. */
    void publish(String app, Path source) {
        CommandRun.of(data, "push", app, source.toString()).succeeded();
    }

    void signal(String name) throws Exception {
        signal(name, process.pid());
    }

    static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    }

    /** What the server and its engines run, the workers that wait among them. */
    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /** Its processes whose command has this, once there is one. */
    List<ProcessHandle> awaitProcess(String part) {
        List<ProcessHandle> found = new ArrayList<>();
        TestServer.within(() -> {
            process.descendants()
                    .filter(child -> child.info().commandLine().orElse("").contains(part))
                    .forEach(found::add);
            return !found.isEmpty();
        });
        assertFalse(found.isEmpty(), () -> "no process " + part + " runs");
        return found;
    }

    /** What its descriptors are open on; of pipes, sockets and the like only what they are. */
    static List<String> descriptors(long pid) {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return all.map(UpProcess::target)
                    .filter(target -> !target.isEmpty())
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().replaceAll(":\\[\\d+]", "");
        } catch (IOException closed) {
            return "";
        }
    }

    /** Everything below the working directory, as paths in it. */
    List<String> work() {
        Path work = data.resolve("work");
        while (true) {
            try (Stream<Path> all = Files.walk(work)) {
                return all.map(path -> work.relativize(path).toString())
                        .sorted()
                        .toList();
            } catch (UncheckedIOException goneMeanwhile) {
                assertInstanceOf(NoSuchFileException.class, goneMeanwhile.getCause());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Waits until it has ended; its exit status. */
    int awaitEnd() {
        try {
            assertTrue(
                    process.waitFor(END.toSeconds(), TimeUnit.SECONDS), () -> "the server does not end: " + printed());
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends it as Ctrl-C does, unless it has ended. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = descendants();
        process.destroy();
        try {
            awaitEnd();
        } finally {
            process.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
            Files.delete(output);
        }
    }
}
