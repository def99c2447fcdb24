package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** A server in a process of its own, so that it can be attacked without hitting the test, and a client of it. */
final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path data;
    private final Process process;
    private final URI address;

    /** @param environment variables that the server has beside the test's */
    ServerProcess(Path directory, Map<String, String> settings, Map<String, String> environment) throws IOException {
        this.data = Files.createDirectories(directory).toRealPath();
        configure(settings);
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Docpu.home=" + Path.of("..").toRealPath(),
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                "org.ocpu.webapp.Main",
                "up",
                "--no-demo",
                "--port",
                "0",
                "--data",
                data.toString());
        builder.environment().putAll(environment);
        this.process = builder.redirectErrorStream(true).start();
        awaitStart();
        this.address = URI.create(DataDirectory.open(data).address().orElseThrow());
    }

    private void configure(Map<String, String> settings) throws IOException {
        Properties known = new Properties();
        known.putAll(settings);
        try (var file = Files.newBufferedWriter(data.resolve("ocpu.conf"))) {
            known.store(file, null);
        }
    }

    private void awaitStart() throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.startsWith("Ctrl-C")) {
                return;
            }
        }
        throw new AssertionError("The server did not start: " + lines);
    }

    Path data() {
        return data;
    }

    URI address() {
        return address;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Publishes a package as {@code ./ocpu push} does. */
    void publish(String app, Path source) {
        StringWriter printed = new StringWriter();
        CommandLine line = Main.line();
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(printed));
        int code = line.execute("push", app, source.toString(), "--data", data.toString());
        assertEquals(0, code, printed.toString());
    }

    /** Posts a form of names and values, in turn. */
    HttpResponse<byte[]> call(String path, String... arguments) {
        return calling(path, arguments)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** The same without waiting for the answer. */
    CompletableFuture<HttpResponse<byte[]>> calling(String path, String... arguments) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < arguments.length; i += 2) {
            pairs.add(encoded(arguments[i]) + "=" + encoded(arguments[i + 1]));
        }
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create(address + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(String.join("&", pairs)))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    /** Evaluates R code. */
    HttpResponse<byte[]> evaluate(String code) {
        return call("/ocpu/library/base/R/identity", "x", code);
    }

    /** Evaluates R code; the address of the session, with a slash at its end. */
    String session(String code) {
        HttpResponse<byte[]> made = evaluate(code);
        assertEquals(201, made.statusCode(), TestServer.text(made));
        return session(made);
    }

    static String session(HttpResponse<byte[]> made) {
        return "/ocpu/tmp/" + TestServer.header(made, "X-ocpu-session") + "/";
    }

    HttpResponse<byte[]> get(String path) {
        return http.sendAsync(request(path).GET().build(), BodyHandlers.ofByteArray())
                .join();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** What the server and its engines run, the workers that wait among them. */
    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /** What its descriptors are open on; of pipes, sockets and the like only what they are. */
    static List<String> descriptors(long pid) {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return all.map(ServerProcess::target)
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
        try (Stream<Path> all = Files.walk(work)) {
            return all.map(path -> work.relativize(path).toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = descendants();
        process.destroy();
        try {
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "The server did not end.");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
