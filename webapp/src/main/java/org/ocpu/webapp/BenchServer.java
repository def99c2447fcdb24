package org.ocpu.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A server to measure, with a temporary directory that goes away with the program, also at Ctrl-C. */
final class BenchServer {
    private final Path directory;
    private final Map<String, String> settings;
    private DataDirectory data;
    private Server server;

    private BenchServer(Path directory, Map<String, String> settings) {
        this.directory = directory;
        this.settings = new HashMap<>(settings);
        this.settings.put("port", "0");
        this.data = DataDirectory.open(directory.resolve("data"));
        this.server = Server.start(data, this.settings);
        Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp, "shutdown"));
    }

    /** @param settings of the server */
    static BenchServer start(Map<String, String> settings) throws IOException {
        return start(Files.createTempDirectory("ocpu-bench"), settings);
    }

    /** @param directory that goes away with all that is in it */
    static BenchServer start(Path directory, Map<String, String> settings) {
        Logs.into(directory.resolve("logs"));
        return new BenchServer(directory, settings);
    }

    synchronized Server server() {
        return server;
    }

    synchronized DataDirectory data() {
        return data;
    }

    /** Ends the server and starts another one that has nothing yet. */
    synchronized void startAnew() throws IOException {
        server.close();
        delete(data.path());
        data = DataDirectory.open(data.path());
        server = Server.start(data, settings);
    }

    private synchronized void cleanUp() {
        server.close();
        try {
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
