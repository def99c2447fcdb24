package org.ocpu.builder;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches one file, once. A connection that fails, breaks or falls silent and an answer that may be another one later are tried
 * again after the pauses, from where the last try ended if the server can do that (RFC 9110, 13.1.5 and 14); other answers fail
 * at once. A wrong MD5 is tried once more, from the beginning.
 */
final class Download {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\\*)");
    private static final int BUFFER = 64 << 10;
    private static final int LONGEST_WORDS = 300;

    private final WebClient web;
    private final Downloads.Times times;
    private final Order order;
    private final IndexEntry entry;
    private final URI url;
    private final Path file;
    private final StopSignal stop;
    private final Deadline deadline;

    /**
     * What to fetch.
     *
     * @param file where to put it
     * @param most bytes it may have
     */
    record Order(IndexEntry entry, Path file, long most, Downloads.Progress progress, StopSignal stop) {}

    Download(WebClient web, Downloads.Times times, Order order) {
        this.web = web;
        this.times = times;
        this.order = order;
        this.entry = order.entry();
        this.url = entry.file();
        this.file = order.file();
        this.stop = order.stop();
        this.deadline = Deadline.in(times.longest());
    }

    /** @throws IOException when the disk cannot be read */
    Path call() throws IOException {
        stop.check();
        if (isThere()) {
            checkSize(Files.size(file));
            return file;
        }
        try (PartFile part = PartFile.open(file)) {
            if (entry.md5().isEmpty()) {
                // nothing would tell that a crash has damaged it
                part.restart(url, Optional.empty());
            }
            fetchRight(part);
            part.finish();
            return file;
        }
    }

    private boolean isThere() throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        if (entry.md5().isEmpty() || entry.md5().get().equals(Md5.of(file))) {
            return true;
        }
        Files.delete(file);
        return false;
    }

    private void fetchRight(PartFile part) throws IOException {
        if (part.length() > 0 && isRight(part)) {
            return;
        }
        fetchWhole(part);
        if (!isRight(part)) {
            part.restart(url, Optional.empty());
            fetchWhole(part);
        }
        if (!isRight(part)) {
            part.delete();
            throw new BuildFailure("%s from %s has another MD5 (%s) than the index says (%s)"
                    .formatted(
                            entry,
                            RepositoryFiles.shown(url),
                            part.md5(),
                            entry.md5().orElseThrow()));
        }
        checkSize(part, part.length());
    }

    private boolean isRight(PartFile part) {
        return entry.md5().isEmpty() || entry.md5().get().equals(part.md5());
    }

    private void fetchWhole(PartFile part) throws IOException {
        for (Duration pause : times.pauses()) {
            Optional<IOException> trouble = fetch(part);
            if (trouble.isEmpty()) {
                return;
            }
            stop.pause(deadline.atMost(pause));
        }
        Optional<IOException> trouble = fetch(part);
        if (trouble.isPresent()) {
            throw failure(
                    "%s (tried %d times)"
                            .formatted(words(trouble.get()), times.pauses().size() + 1),
                    trouble.get());
        }
    }

    /** What went wrong and may go right another time. */
    private Optional<IOException> fetch(PartFile part) throws IOException {
        Optional<String> validator = part.validator(url);
        try {
            if ("file".equals(url.getScheme())) {
                copy(part);
            } else {
                ask(part, request(part.length(), validator));
            }
            return Optional.empty();
        } catch (IOException e) {
            checkTime();
            return Optional.of(e);
        }
    }

    private HttpRequest request(long length, Optional<String> validator) {
        try {
            HttpRequest.Builder request = web.request(url);
            validator.ifPresent(
                    known -> request.header("Range", "bytes=" + length + "-").header("If-Range", known));
            return request.build();
        } catch (IllegalArgumentException e) {
            throw failure("HTTP has no such address", e);
        }
    }

    private void ask(PartFile part, HttpRequest request) throws IOException {
        try (PulledAnswer answer = web.ask(request, stop)) {
            HttpResponse.ResponseInfo head = answer.head(patience());
            long size = begin(part, head);
            order.progress().at(part.length(), size);
            Optional<List<ByteBuffer>> piece = next(answer, part, size);
            while (piece.isPresent()) {
                piece.get().forEach(part::add);
                checkSize(part, part.length());
                order.progress().at(part.length(), size);
                piece = next(answer, part, size);
            }
            if (size > part.length()) {
                throw new IOException(endedAfter(part, size));
            }
        }
    }

    private Optional<List<ByteBuffer>> next(PulledAnswer answer, PartFile part, long size) throws IOException {
        try {
            return answer.next(patience());
        } catch (PulledAnswer.Silence e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(endedAfter(part, size), e);
        }
    }

    private static String endedAfter(PartFile part, long size) {
        return "the answer ended after %d%s bytes".formatted(part.length(), size > 0 ? " of " + size : "");
    }

    /** The size of the whole file, 0 when that is not known. */
    private long begin(PartFile part, HttpResponse.ResponseInfo head) throws IOException {
        int status = head.statusCode();
        return switch (status) {
            case 200 -> beginAll(part, head.headers());
            case 206 -> goOn(part, head.headers());
            case 416 -> {
                part.restart(url, Optional.empty());
                throw new IOException("the server answered 416");
            }
            default -> {
                String words = "the server answered " + status;
                if (status == 408 || status == 429 || status >= 500) {
                    throw new IOException(words);
                }
                throw failure(words);
            }
        };
    }

    private long beginAll(PartFile part, HttpHeaders headers) throws IOException {
        long size = headers.firstValueAsLong("content-length").orElse(0);
        checkSize(part, size);
        part.restart(url, validator(headers));
        return size;
    }

    private long goOn(PartFile part, HttpHeaders headers) throws IOException {
        Matcher range = CONTENT_RANGE.matcher(
                headers.firstValue("content-range").orElse("").strip());
        if (!range.matches() || Long.parseLong(range.group(1)) != part.length()) {
            part.restart(url, Optional.empty());
            throw new IOException("the server answered with another part than it was asked for");
        }
        long size = range.group(2).equals("*") ? 0 : Long.parseLong(range.group(2));
        checkSize(part, size);
        return size;
    }

    /** One that tells byte for byte: a strong tag, or a date so long before the answer's that nothing came between. */
    private static Optional<String> validator(HttpHeaders headers) {
        Optional<String> tag = headers.firstValue("etag").filter(one -> one.startsWith("\""));
        return tag.or(() -> headers.firstValue("last-modified").filter(date -> isBefore(date, headers)));
    }

    private static boolean isBefore(String modified, HttpHeaders headers) {
        try {
            ZonedDateTime then = ZonedDateTime.parse(modified, DateTimeFormatter.RFC_1123_DATE_TIME);
            ZonedDateTime now = ZonedDateTime.parse(
                    headers.firstValue("date").orElse(modified), DateTimeFormatter.RFC_1123_DATE_TIME);
            return then.isBefore(now);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void copy(PartFile part) {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(Path.of(url))) {
            part.restart(url, Optional.empty());
            long size = Files.size(Path.of(url));
            checkSize(part, size);
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                stop.check();
                part.add(ByteBuffer.wrap(buffer, 0, n));
                checkSize(part, part.length());
                order.progress().at(part.length(), size);
            }
        } catch (NoSuchFileException e) {
            throw failure("there is no such file", e);
        } catch (IOException | IllegalArgumentException | FileSystemNotFoundException e) {
            throw failure("it cannot be read", e);
        }
    }

    private void checkTime() {
        if (deadline.passed()) {
            throw failure(
                    "it took longer than %d seconds".formatted(times.longest().toSeconds()));
        }
    }

    private Duration patience() {
        checkTime();
        return deadline.atMost(times.silence());
    }

    /** What is too large does not stay. */
    private void checkSize(PartFile part, long size) throws IOException {
        if (size > order.most()) {
            part.delete();
        }
        checkSize(size);
    }

    private void checkSize(long size) {
        if (size > order.most()) {
            throw new FileTooLarge(
                    sentence("it has more than the %s that are allowed".formatted(Words.size(order.most()))));
        }
    }

    private BuildFailure failure(String reason) {
        return new BuildFailure(sentence(reason));
    }

    private BuildFailure failure(String reason, Exception cause) {
        return new BuildFailure(sentence(reason), cause);
    }

    private String sentence(String reason) {
        return "%s cannot be fetched from %s: %s".formatted(entry, RepositoryFiles.shown(url), reason);
    }

    private String words(IOException trouble) {
        String message = trouble.getMessage() == null ? trouble.getClass().getSimpleName() : trouble.getMessage();
        return web.unconnected(trouble).orElseGet(() -> Text.line(message, LONGEST_WORDS));
    }
}
