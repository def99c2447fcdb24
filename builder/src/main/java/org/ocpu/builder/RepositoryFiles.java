package org.ocpu.builder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Small files of repositories, on the web ({@code http}, {@code https}) or here ({@code file}). Follows redirects. Thread-safe.
 *
 * <p>What cannot be had for want of a connection, or because the server has trouble (5xx) or too many requests (429), is asked for
 * again a few times, with growing pauses.
 */
final class RepositoryFiles {
    private static final String CONTRIB = "/src/contrib";
    private static final int ATTEMPTS = 3;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private final Limits limits;
    private final WebClient web;

    /**
     * How long another server is waited for, and how much is taken from it.
     *
     * @param connecting until there is a connection
     * @param silence between one byte and the next
     * @param whole for all of an answer
     * @param pause before the second attempt; grows by as much for each further one
     * @param largest bytes of an answer
     */
    record Limits(Duration connecting, Duration silence, Duration whole, Duration pause, int largest) {
        static final Limits USUAL = new Limits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Duration.ofSeconds(2),
                50 << 20);
    }

    /** What a server told to ask with whether something has changed, word for word: nobody's clock has to be right. */
    record Validators(Optional<String> etag, Optional<String> lastModified) {
        static final Validators NONE = new Validators(Optional.empty(), Optional.empty());

        static Validators of(HttpHeaders headers) {
            return new Validators(headers.firstValue("ETag"), headers.firstValue("Last-Modified"));
        }

        void put(HttpRequest.Builder request) {
            etag.ifPresent(value -> request.header("If-None-Match", value));
            lastModified.ifPresent(value -> request.header("If-Modified-Since", value));
        }
    }

    /** @param status as HTTP has it, also of a file here */
    record Answer(int status, Validators validators, byte[] body) {
        boolean ok() {
            return status == OK;
        }

        /** Whether the server has no such file; 403 is how some stores of objects say so. */
        boolean missing() {
            return status == NOT_FOUND || status == 403 || status == 410;
        }

        boolean unchanged() {
            return status == 304;
        }

        private boolean worthAnotherAttempt() {
            return status >= SERVER_ERROR || status == TOO_MANY;
        }
    }

    /** @param agent as {@link WebClient} has it */
    RepositoryFiles(String agent, Limits limits) {
        this.limits = limits;
        this.web = new WebClient(agent, limits.connecting());
    }

    /**
     * Asks for a file.
     *
     * @param known asks for it only if it has changed since
     * @throws BuildFailure naming the address, when there is no whole answer
     * @throws BuildStopped when this is to end, or the thread is interrupted
     */
    Answer get(URI address, Validators known, StopSignal stop) {
        if ("file".equals(address.getScheme())) {
            return read(address);
        }
        for (int attempt = 1; ; attempt++) {
            stop.check();
            try {
                Answer answer = ask(address, known, stop);
                if (attempt == ATTEMPTS || !answer.worthAnotherAttempt()) {
                    return answer;
                }
            } catch (IOException e) {
                stop.check();
                if (attempt == ATTEMPTS) {
                    throw failure(address, reason(e), e);
                }
            }
            stop.pause(limits.pause().multipliedBy(attempt));
        }
    }

    /** An address for people, who may be anybody: without a password, and without the directories of this server. */
    static String shown(URI address) {
        if ("file".equals(address.getScheme())) {
            return "file:…/" + name(String.valueOf(address.getPath()));
        }
        return Optional.ofNullable(address.getRawUserInfo())
                .map(secret -> address.toString().replace(secret + "@", ""))
                .orElse(address.toString());
    }

    /** The last part of a path; the repository's name and the rest when it is that of one of its files. */
    private static String name(String path) {
        int contrib = path.indexOf(CONTRIB);
        String top = (contrib < 0 ? path : path.substring(0, contrib)).replaceAll("/+$", "");
        return top.substring(top.lastIndexOf('/') + 1) + (contrib < 0 ? "" : path.substring(contrib));
    }

    static BuildFailure failure(URI address, String reason) {
        return new BuildFailure(shown(address) + ": " + reason);
    }

    private static BuildFailure failure(URI address, String reason, Throwable cause) {
        return new BuildFailure(shown(address) + ": " + reason, cause);
    }

    private Answer read(URI address) {
        try {
            Path file = Path.of(address);
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw failure(address, "this is not a file");
            }
            if (Files.size(file) > limits.largest()) {
                throw failure(address, "it has more than " + Words.size(limits.largest()));
            }
            return new Answer(OK, Validators.NONE, Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return new Answer(NOT_FOUND, Validators.NONE, new byte[0]);
        } catch (IllegalArgumentException e) {
            throw failure(address, "not the address of a file on this server", e);
        } catch (IOException e) {
            throw failure(address, "it cannot be read: " + Disk.reason(e), e);
        }
    }

    private Answer ask(URI address, Validators known, StopSignal stop) throws IOException {
        Deadline whole = Deadline.in(limits.whole());
        try (PulledAnswer answer = web.ask(request(address, known), stop)) {
            Duration patience = limits.connecting().plus(limits.silence());
            HttpResponse.ResponseInfo head = answer.head(whole.atMost(patience));
            byte[] body = body(address, answer, head.headers(), whole);
            return new Answer(head.statusCode(), Validators.of(head.headers()), body);
        } catch (PulledAnswer.Silence e) {
            String reason = whole.passed()
                    ? "it was not there after " + WebClient.words(limits.whole())
                    : "no byte came for " + WebClient.words(limits.silence());
            throw failure(address, reason, e);
        }
    }

    private HttpRequest request(URI address, Validators known) {
        try {
            HttpRequest.Builder request = web.request(address);
            known.put(request);
            return request.build();
        } catch (IllegalArgumentException e) {
            throw failure(address, "HTTP has no such address", e);
        }
    }

    private byte[] body(URI address, PulledAnswer answer, HttpHeaders headers, Deadline whole) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            Optional<List<ByteBuffer>> piece = next(answer, whole);
            while (piece.isPresent()) {
                for (ByteBuffer buffer : piece.get()) {
                    if (buffer.remaining() > limits.largest() - body.size()) {
                        throw failure(address, "it has more than " + Words.size(limits.largest()));
                    }
                    byte[] some = new byte[buffer.remaining()];
                    buffer.get(some);
                    body.writeBytes(some);
                }
                piece = next(answer, whole);
            }
            return body.toByteArray();
        } catch (PulledAnswer.Silence e) {
            throw e;
        } catch (IOException e) {
            String of = headers.firstValue("Content-Length")
                    .map(length -> " of " + length)
                    .orElse("");
            throw new IOException("the answer ended after %d%s bytes".formatted(body.size(), of), e);
        }
    }

    private Optional<List<ByteBuffer>> next(PulledAnswer answer, Deadline whole) throws IOException {
        return answer.next(whole.atMost(limits.silence()));
    }

    private String reason(IOException e) {
        return web.unconnected(e).orElseGet(() -> "the connection broke: " + e.getMessage());
    }
}
