package org.ocpu.builder;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * A directory on the web, as a usual web server has it (tags, dates, parts of files), except that it can be told to misbehave. It
 * remembers what it was asked and what it answered.
 */
final class FileServer implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-");
    private static final int PIECE = 8 << 10;

    private final Path root;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Misbehaviour> troubles = new ConcurrentHashMap<>();
    private final Map<String, String> moved = new ConcurrentHashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private HttpServer http;
    private int port;

    /** @param status what was answered; 0 for no answer */
    record Request(String method, String path, int status, Optional<String> range, String agent) {}

    /** What a path gets instead of its file, or with it. */
    record Trouble(Kind kind, long number) {
        private enum Kind {
            HANG_UP,
            STATUS,
            SILENCE,
            STALL,
            TRUNCATE,
            WRONG,
            SLOW,
            SIMPLE,
            UNTAGGED,
            UNSIZED
        }

        /** The connection is closed without an answer. */
        static Trouble hangUp() {
            return new Trouble(Kind.HANG_UP, 0);
        }

        static Trouble status(int status) {
            return new Trouble(Kind.STATUS, status);
        }

        /** Never an answer. */
        static Trouble silence() {
            return new Trouble(Kind.SILENCE, 0);
        }

        /** So many bytes and then nothing, on an open connection. */
        static Trouble stallAfter(long bytes) {
            return new Trouble(Kind.STALL, bytes);
        }

        /** So many bytes and then the end of the connection. */
        static Trouble truncateAfter(long bytes) {
            return new Trouble(Kind.TRUNCATE, bytes);
        }

        /** As many bytes as there should be, the last one another. */
        static Trouble wrongBytes() {
            return new Trouble(Kind.WRONG, 0);
        }

        /** A pause before each piece of {@value #PIECE} bytes. */
        static Trouble slow(long millis) {
            return new Trouble(Kind.SLOW, millis);
        }

        /** A server that knows neither parts of files nor tags nor dates. */
        static Trouble simple() {
            return new Trouble(Kind.SIMPLE, 0);
        }

        /** A server that knows dates but no tags. */
        static Trouble untagged() {
            return new Trouble(Kind.UNTAGGED, 0);
        }

        /** An answer that does not tell its size. */
        static Trouble unsized() {
            return new Trouble(Kind.UNSIZED, 0);
        }
    }

    private static final class Misbehaviour {
        private final Trouble trouble;
        private int times;

        private Misbehaviour(Trouble trouble, int times) {
            this.trouble = trouble;
            this.times = times;
        }

        private synchronized Optional<Trouble> next() {
            times--;
            return times >= 0 ? Optional.of(trouble) : Optional.empty();
        }
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    FileServer(Path root) throws IOException {
        this.root = root;
        up();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Refuses connections from now on. */
    void down() {
        http.stop(0);
    }

    /** Takes connections, at the same port as before. */
    void up() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        http.createContext("/", this::answer);
        http.setExecutor(threads);
        http.start();
        port = http.getAddress().getPort();
    }

    /** Lets the next requests of a path, so many, end like this. */
    void trouble(String path, int times, Trouble trouble) {
        troubles.put(path, new Misbehaviour(trouble, times));
    }

    /** Lets all requests of a path end like this from now on. */
    void trouble(String path, Trouble trouble) {
        trouble(path, Integer.MAX_VALUE, trouble);
    }

    void noTrouble(String path) {
        troubles.remove(path);
    }

    /** @param to a path or an address */
    void redirect(String path, String to) {
        moved.put(path, to);
    }

    /** All requests since the start or {@link #forget}, in the order of their answers. */
    List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** How many requests of this path got this answer, 0 for none. */
    long count(String path, int status) {
        return requests().stream()
                .filter(request -> request.path().equals(path) && request.status() == status)
                .count();
    }

    /** How many requests there were of this path. */
    long count(String path) {
        return requests().stream()
                .filter(request -> request.path().equals(path))
                .count();
    }

    /** Waits until there was a request of this path. */
    void awaitRequest(String path) throws InterruptedException {
        synchronized (requests) {
            while (count(path) == 0) {
                requests.wait();
            }
        }
    }

    void forget() {
        synchronized (requests) {
            requests.clear();
        }
    }

    /** Waits until an answer stalls or a request meets silence. */
    void awaitStall() throws InterruptedException {
        if (!stalled.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing came that could stall; requests were " + requests());
        }
    }

    @Override
    public void close() {
        closed.countDown();
        http.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Optional<Trouble> trouble = Optional.ofNullable(troubles.get(path)).flatMap(Misbehaviour::next);
            Trouble.Kind kind = trouble.map(Trouble::kind).orElse(null);
            Path file = root.resolve(path.substring(1)).normalize();
            if (kind == Trouble.Kind.HANG_UP || kind == Trouble.Kind.SILENCE) {
                record(exchange, 0);
                if (kind == Trouble.Kind.SILENCE) {
                    stall();
                }
            } else if (kind == Trouble.Kind.STATUS) {
                send(exchange, (int) trouble.orElseThrow().number());
            } else if (moved.containsKey(path)) {
                exchange.getResponseHeaders().set("Location", moved.get(path));
                send(exchange, 302);
            } else if (!file.startsWith(root) || !Files.isRegularFile(file)) {
                send(exchange, 404);
            } else {
                serve(exchange, file, trouble);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(HttpExchange exchange, Path file, Optional<Trouble> trouble)
            throws IOException, InterruptedException {
        Trouble.Kind kind = trouble.map(Trouble::kind).orElse(null);
        long size = Files.size(file);
        boolean simple = kind == Trouble.Kind.SIMPLE;
        if (!simple) {
            describe(exchange.getResponseHeaders(), file, kind != Trouble.Kind.UNTAGGED);
        }
        Optional<Long> from = simple ? Optional.empty() : from(exchange);
        if (!simple && isKnown(exchange)) {
            send(exchange, 304);
        } else if (from.isPresent() && from.get() >= size) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + size);
            send(exchange, 416);
        } else {
            long begin = from.orElse(0L);
            if (from.isPresent()) {
                exchange.getResponseHeaders().set("Content-Range", "bytes %d-%d/%d".formatted(begin, size - 1, size));
            }
            int status = from.isPresent() ? 206 : 200;
            record(exchange, status);
            long length = kind == Trouble.Kind.UNSIZED ? 0 : size - begin;
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head || size == begin ? -1 : length);
            if (!head) {
                write(exchange.getResponseBody(), file, begin, trouble);
            }
        }
    }

    private static void describe(Headers headers, Path file, boolean tagged) throws IOException {
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        if (tagged) {
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, modified);
            headers.set("ETag", "\"%x-%x\"".formatted(Files.size(file), micros));
        }
        headers.set("Last-Modified", date(modified));
        headers.set("Accept-Ranges", "bytes");
    }

    /** A file's date as the server tells it. */
    static String modified(Path file) throws IOException {
        return date(Files.getLastModifiedTime(file).toInstant());
    }

    private static String date(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                time.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
    }

    private static boolean isKnown(HttpExchange exchange) {
        Headers asked = exchange.getRequestHeaders();
        Headers is = exchange.getResponseHeaders();
        String tag = asked.getFirst("If-None-Match");
        return tag == null
                ? is.getFirst("Last-Modified").equals(asked.getFirst("If-Modified-Since"))
                : tag.replace("W/", "").equals(is.getFirst("ETag"));
    }

    private static Optional<Long> from(HttpExchange exchange) {
        Headers asked = exchange.getRequestHeaders();
        Headers is = exchange.getResponseHeaders();
        String condition = asked.getFirst("If-Range");
        boolean same = condition == null
                || condition.equals(is.getFirst("ETag"))
                || condition.equals(is.getFirst("Last-Modified"));
        return Optional.ofNullable(asked.getFirst("Range"))
                .filter(range -> same)
                .map(RANGE::matcher)
                .filter(Matcher::matches)
                .map(range -> Long.valueOf(range.group(1)));
    }

    private void write(OutputStream out, Path file, long begin, Optional<Trouble> trouble)
            throws IOException, InterruptedException {
        Trouble.Kind kind = trouble.map(Trouble::kind).orElse(null);
        long number = trouble.map(Trouble::number).orElse(0L);
        boolean broken = kind == Trouble.Kind.STALL || kind == Trouble.Kind.TRUNCATE;
        long left = broken ? number : Long.MAX_VALUE;
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(begin);
            byte[] piece = in.readNBytes((int) Math.min(PIECE, left));
            while (piece.length > 0) {
                if (kind == Trouble.Kind.SLOW && closed.await(number, TimeUnit.MILLISECONDS)) {
                    return;
                }
                if (kind == Trouble.Kind.WRONG && in.available() == 0) {
                    piece[piece.length - 1]++;
                }
                out.write(piece);
                out.flush();
                left -= piece.length;
                piece = in.readNBytes((int) Math.min(PIECE, left));
            }
        }
        if (kind == Trouble.Kind.STALL) {
            stall();
        }
        if (!broken) {
            out.close();
        }
    }

    private void stall() throws InterruptedException {
        stalled.countDown();
        closed.await();
    }

    private void send(HttpExchange exchange, int status) throws IOException {
        record(exchange, status);
        exchange.sendResponseHeaders(status, -1);
    }

    private void record(HttpExchange exchange, int status) {
        Headers asked = exchange.getRequestHeaders();
        synchronized (requests) {
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    status,
                    Optional.ofNullable(asked.getFirst("Range")),
                    asked.getFirst("User-Agent")));
            requests.notifyAll();
        }
    }
}
