package org.ocpu.webapp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * A server to measure in a process of its own, so that its clients take nothing from it but the machine's time; with a temporary data
 * directory. Both go away when this is closed, and with this program, also at Ctrl-C.
 */
final class BenchProcess implements AutoCloseable {
    private static final String UP = "Ctrl-C";
    private static final int END_SECONDS = 60;

    private final Path directory;
    private final Path data;
    private final Process process;
    private final URI address;
    private boolean ended;

    /** Starts one and returns when it answers. */
    BenchProcess(Map<String, String> settings) throws IOException {
        this.directory = Files.createTempDirectory("ocpu-bench");
        this.data = Files.createDirectory(directory.resolve("data"));
        Properties properties = new Properties();
        properties.putAll(settings);
        try (var file = Files.newBufferedWriter(data.resolve("ocpu.conf"))) {
            properties.store(file, null);
        }
        Path output = directory.resolve("output");
        this.process = new ProcessBuilder(command(data))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "shutdown"));
        try {
            awaitStart(output);
            this.address = URI.create(DataDirectory.open(data).address().orElseThrow());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** With this program's Java, its options and its classes. */
    private static List<String> command(Path data) {
        List<String> command = new ArrayList<>();
        command.add(java("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-javaagent") && !option.startsWith("-agentlib"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("up", "--no-demo", "--port", "0", "--data", data.toString()));
        return command;
    }

    /** A program of the Java that runs this. */
    static String java(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private void awaitStart(Path output) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(output)) {
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf(UP) < 0) {
                boolean over = process.waitFor(50, TimeUnit.MILLISECONDS);
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    seen.append(line).append('\n');
                }
                if (over) {
                    throw new WebappException("The server did not start: " + seen);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WebappException("Interrupted while the server was starting", e);
        }
    }

    URI address() {
        return address;
    }

    Path data() {
        return data;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public synchronized void close() {
        if (ended) {
            return;
        }
        ended = true;
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            BenchServer.delete(directory);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
