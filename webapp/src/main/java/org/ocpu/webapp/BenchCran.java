package org.ocpu.webapp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/**
 * A repository as CRAN is one, of {@value #PACKAGES} small packages, on loopback HTTP. Each needs the one before it, except that
 * {@value #CHAIN} are a chain; every third has C code.
 */
final class BenchCran implements AutoCloseable {
    static final int PACKAGES = 30;
    private static final int CHAIN = 5;
    private static final int FUNCTIONS = 12;
    private static final String INDEX = "PACKAGES";

    private final Path contrib;
    private final Path sources;
    private final String index;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer http;

    /** @param directory to make it in */
    BenchCran(Path directory) throws IOException, InterruptedException {
        this.sources = Files.createDirectories(directory.resolve("sources"));
        this.contrib = Files.createDirectories(directory.resolve("cran/src/contrib"));
        for (int number = 0; number < PACKAGES; number++) {
            write(number);
        }
        List<String> build = new ArrayList<>(List.of("R", "CMD", "build"));
        names().forEach(name -> build.add(sources.resolve(name).toString()));
        BenchRepository.run(contrib, build);
        BenchRepository.run(contrib, List.of("Rscript", "--vanilla", "-e", "tools::write_PACKAGES('.')"));
        this.index = Files.readString(contrib.resolve(INDEX));
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/src/contrib/", this::answer);
        http.setExecutor(threads);
        http.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    static List<String> names() {
        return IntStream.range(0, PACKAGES).mapToObj(BenchCran::name).toList();
    }

    static int compiled() {
        return (int) IntStream.range(0, PACKAGES).filter(BenchCran::isCompiled).count();
    }

    /**
     * From now on the index lists more packages, which cannot be had, before and after those that can.
     *
     * @param revision another one makes another index of the same length
     */
    void list(int packages, int revision) throws IOException {
        BenchIndex more = new BenchIndex(packages - PACKAGES, revision);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write((more.firstHalf() + "\n" + index + "\n" + more.secondHalf()).getBytes(StandardCharsets.US_ASCII));
        }
        Files.write(contrib.resolve(INDEX + ".gz"), packed.toByteArray());
    }

    private static String name(int number) {
        return "bench%02d".formatted(number);
    }

    private static boolean isCompiled(int number) {
        return number % 3 == 0;
    }

    private void write(int number) throws IOException {
        String name = name(number);
        String needs = number % CHAIN == 0 ? "" : name(number - 1);
        write(name, "DESCRIPTION", """
                Package: %s
                Version: 1.0.%d
                Title: A Small Package
                Description: A few functions.
                License: MIT
                Author: Bench
                Maintainer: Bench <bench@localhost>
                %s""".formatted(name, number, needs.isEmpty() ? "" : "Imports: " + needs + "\n"));
        write(name, "NAMESPACE", """
                exportPattern("^[a-z]")
                %s
                %s
                """.formatted(
                        needs.isEmpty() ? "" : "import(" + needs + ")",
                        isCompiled(number) ? "useDynLib(" + name + ", twice)" : ""));
        for (int function = 0; function < FUNCTIONS; function++) {
            writeFunction(name, name + "_" + function);
        }
        if (isCompiled(number)) {
            write(name, "R/twice.R", "%s_twice <- function(x) .Call(twice, as.numeric(x))\n".formatted(name));
            write(name, "src/twice.c", """
                    #include <Rinternals.h>

                    SEXP twice(SEXP x) {
                        return Rf_ScalarReal(2 * Rf_asReal(x));
                    }
                    """);
        }
    }

    private void writeFunction(String name, String function) throws IOException {
        write(name, "R/" + function + ".R", """
                %s <- function(x, by = 1) {
                    stopifnot(is.numeric(x), length(by) == 1)
                    steps <- vapply(x, function(one) if (one > by) one - by else one, 0)
                    list(sum = sum(steps), mean = mean(steps), range = range(steps))
                }
                """.formatted(function));
        write(name, "man/" + function + ".Rd", """
                \\name{%1$s}
                \\alias{%1$s}
                \\title{Steps}
                \\description{Sums up steps.}
                \\usage{%1$s(x, by = 1)}
                \\arguments{\\item{x}{numbers} \\item{by}{a number}}
                \\value{A list.}
                """.formatted(function));
    }

    private void write(String name, String file, String content) throws IOException {
        Path path = sources.resolve(name).resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = contrib.resolve(
                    Path.of(exchange.getRequestURI().getPath()).getFileName().toString());
            if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = Files.readAllBytes(file);
            String tag = tag(body);
            exchange.getResponseHeaders().set("ETag", tag);
            if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String tag(byte[] body) {
        CRC32 sum = new CRC32();
        sum.update(body);
        return "\"%x-%x\"".formatted(body.length, sum.getValue());
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdown();
    }
}
