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
record BenchServer(Server server, DataDirectory data, Path directory) {

    /** @param settings of the server */
    static BenchServer start(Map<String, String> settings) throws IOException {
        return start(Files.createTempDirectory("ocpu-bench"), settings);
    }

    static BenchServer start(Path directory, Map<String, String> settings) {
        Logs.into(directory.resolve("logs"));
        Map<String, String> all = new HashMap<>(settings);
        all.put("port", "0");
        DataDirectory data = DataDirectory.open(directory.resolve("data"));
        BenchServer started = new BenchServer(Server.start(data, all), data, directory);
        Runtime.getRuntime().addShutdownHook(new Thread(started::cleanUp, "shutdown"));
        return started;
    }

    private void cleanUp() {
        server.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
