package org.ocpu.webapp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Gists on git's own HTTP server, {@code git http-backend}, on a free port. */
final class GistServer implements AutoCloseable {
    private final Path root;
    private final HttpServer http;

    GistServer(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Makes these files the whole content of a gist, {@code user/id}. */
    void commit(String gist, Map<String, String> files) throws IOException {
        Path work = root.resolve("work").resolve(gist);
        Path bare = bare(gist);
        if (!Files.exists(work)) {
            git(root, "init", "-q", "--bare", "-b", "main", bare.toString());
            git(root, "init", "-q", "-b", "main", work.toString());
        }
        git(work, "rm", "-rfq", "--ignore-unmatch", ".");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = work.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        git(work, "add", "-A");
        git(work, "commit", "-q", "-m", "Change it");
        git(work, "push", "-q", bare.toString(), "HEAD:main");
    }

    Path bare(String gist) {
        return root.resolve(gist + ".git");
    }

    private static void git(Path directory, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (git.onExit().join().exitValue() != 0) {
            throw new IOException(command + ": " + output);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Process backend = backend(exchange).start();
            try (OutputStream input = backend.getOutputStream()) {
                exchange.getRequestBody().transferTo(input);
            }
            InputStream output = backend.getInputStream();
            int status = 200;
            for (String line = line(output); !line.isEmpty(); line = line(output)) {
                String[] header = line.split(": ", 2);
                if (header[0].equals("Status")) {
                    status = Integer.parseInt(header[1].substring(0, 3));
                } else {
                    exchange.getResponseHeaders().set(header[0], header[1]);
                }
            }
            exchange.sendResponseHeaders(status, 0);
            output.transferTo(exchange.getResponseBody());
        }
    }

    private ProcessBuilder backend(HttpExchange exchange) {
        ProcessBuilder backend = new ProcessBuilder("git", "http-backend");
        Map<String, String> cgi = backend.environment();
        cgi.put("GIT_PROJECT_ROOT", root.toString());
        cgi.put("GIT_HTTP_EXPORT_ALL", "1");
        cgi.put("REQUEST_METHOD", exchange.getRequestMethod());
        cgi.put("PATH_INFO", exchange.getRequestURI().getPath());
        cgi.put(
                "QUERY_STRING",
                Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), ""));
        Map.of(
                        "CONTENT_TYPE",
                        "Content-Type",
                        "HTTP_CONTENT_ENCODING",
                        "Content-Encoding",
                        "GIT_PROTOCOL",
                        "Git-Protocol")
                .forEach((variable, header) -> cgi.put(
                        variable,
                        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(header), "")));
        return backend;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** From now on nobody answers. */
    void stop() {
        http.stop(0);
    }

    @Override
    public void close() {
        stop();
    }
}
