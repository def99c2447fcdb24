package org.ocpu.webapp;

import java.io.BufferedReader;
import java.io.IOException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server as a process of its own, which can be sent signals. */
final class UpProcess implements AutoCloseable {
    final Process process;
    final URI address;
    private final BufferedReader output;
    private final HttpClient http = HttpClient.newHttpClient();

    private UpProcess(Process process, Path data, String up) throws IOException {
        this.process = process;
        this.output = process.inputReader();
        awaitLine(up);
        this.address = URI.create(DataDirectory.open(data).address().orElseThrow());
    }

    /**
     * Starts one and waits until it is up.
     *
     * @param settings lines of {@code ocpu.conf}
     * @param prefix a command that is to run it, if any
     */
    static UpProcess start(Path data, String settings, String... prefix) throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(command(data, settings));
        command.add("--no-demo");
        return new UpProcess(run(command), data, "Ctrl-C");
    }

    /** Starts one that builds the sample app, which it has just begun. */
    static UpProcess startWithSampleApp(Path data, String settings) throws IOException {
        return new UpProcess(run(command(data, settings)), data, "server started");
    }

    private static Process run(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static List<String> command(Path data, String settings) throws IOException {
        Files.writeString(data.resolve("ocpu.conf"), settings);
        KeptWorkerPackage.bring(data);
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Docpu.home=" + Path.of("..").toRealPath(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.ocpu.webapp.Main",
                "up",
                "--port",
                "0",
                "--data",
                data.toString());
    }

    /** Reads what it prints up to a line that has this. */
    String awaitLine(String part) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.append(line).append("\n");
            if (line.contains(part)) {
                return line;
            }
        }
        throw new AssertionError("no '" + part + "' in " + seen);
    }

    /** Evaluates R code. */
    CompletableFuture<HttpResponse<String>> call(String code) {
        return call("base/R/identity", code);
    }

    /** Evaluates R code as the argument {@code x} of a function in R's library. */
    CompletableFuture<HttpResponse<String>> call(String function, String code) {
        return send(request("/ocpu/library/" + function + "/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("x=" + URLEncoder.encode(code, StandardCharsets.UTF_8))));
    }

    CompletableFuture<HttpResponse<String>> get(String path) {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path));
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), BodyHandlers.ofString());
    }

    void signal(String name) throws Exception {
        signal(name, process.pid());
    }

    static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
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
        return found;
    }

    boolean endsWithin(int seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
