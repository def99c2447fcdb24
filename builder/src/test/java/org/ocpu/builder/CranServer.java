package org.ocpu.builder;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A repository of R packages over HTTP, made by R itself. */
final class CranServer implements AutoCloseable {
    private final Path root;
    private final Path sources;
    private final HttpServer http;

    CranServer(Path root) throws IOException {
        this.root = root;
        this.sources = Files.createDirectories(root.resolve("src/contrib"));
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
        index();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** Adds a package; an older version of it goes to the archive, as on CRAN. */
    void add(String name, Map<String, String> files) throws IOException {
        add(name, files, "R CMD build --no-manual");
    }

    /** Adds a package that R cannot build, for want of what it needs. */
    void addUnbuilt(String name, Map<String, String> files) throws IOException {
        String version = files.get("DESCRIPTION").replaceFirst("(?s).*Version: (\\S+).*", "$1");
        add(name, files, "tar czf %s_%s.tar.gz -C %s".formatted(name, version, root.resolve("unbuilt")));
    }

    private void add(String name, Map<String, String> files, String build) throws IOException {
        Path archive = sources.resolve("Archive").resolve(name);
        for (Path old : Disk.list(sources)) {
            if (old.getFileName().toString().startsWith(name + "_")) {
                Files.createDirectories(archive);
                Files.move(old, archive.resolve(old.getFileName()));
            }
        }
        Path source = root.resolve("unbuilt").resolve(name);
        Disk.delete(source);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = source.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        String target = build.startsWith("tar") ? name : source.toString();
        Process process = new ProcessBuilder("sh", "-c", build + " " + target)
                .directory(sources.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(said);
        }
        index();
    }

    private void index() throws IOException {
        Rscript.run("tools::write_PACKAGES('%s', type = 'source')".formatted(sources));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = root.resolve(exchange.getRequestURI().getPath().substring(1));
            if (Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(200, Files.size(file));
                Files.copy(file, exchange.getResponseBody());
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
