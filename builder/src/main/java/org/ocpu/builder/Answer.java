package org.ocpu.builder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/**
 * What another server's answer to a request means, or that there was none. Follows GitHub's "Best practices for using the REST
 * API".
 *
 * @param words for logs and the database; never holds the request's token, also when the server repeats it
 * @param pauseUntil until when the server wants to hear nothing
 * @param movedTo where to ask instead
 */
record Answer(Meaning meaning, String words, Optional<Instant> pauseUntil, Optional<URI> movedTo) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);
    private static final Duration UNNAMED_PAUSE = Duration.ofMinutes(1);
    private static final int LONGEST_WORDS = 300;

    enum Meaning {
        /** The server has it. */
        TAKEN,
        /** It may succeed later. */
        LATER,
        /** It may succeed elsewhere. */
        MOVED,
        /** The same again would get the same answer. */
        REFUSED
    }

    static Answer of(HttpResponse<byte[]> response, Instant now) {
        String words = "answered %d: %s".formatted(response.statusCode(), said(response));
        Optional<Instant> pause = pause(response, now);
        return switch (response.statusCode()) {
            case 200, 201, 202, 203, 204 -> new Answer(Meaning.TAKEN, words, pause, Optional.empty());
            case 301, 302, 307, 308 -> moved(response, words, pause);
            case 408, 500, 502, 503, 504 -> new Answer(Meaning.LATER, words, pause, Optional.empty());
            case 429 -> limited(words, pause, now);
            case 403 ->
                pause.isPresent() || words.contains("rate limit")
                        ? limited(words, pause, now)
                        : new Answer(Meaning.REFUSED, words, pause, Optional.empty());
            default ->
                new Answer(
                        response.statusCode() > 500 ? Meaning.LATER : Meaning.REFUSED, words, pause, Optional.empty());
        };
    }

    /** No answer, and why. */
    static Answer none(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String words = cause instanceof CancellationException ? "no answer in time" : "no answer: " + cause;
        return new Answer(Meaning.LATER, Text.line(words, LONGEST_WORDS), Optional.empty(), Optional.empty());
    }

    private static Answer limited(String words, Optional<Instant> pause, Instant now) {
        return new Answer(Meaning.LATER, words, Optional.of(pause.orElse(now.plus(UNNAMED_PAUSE))), Optional.empty());
    }

    private static Answer moved(HttpResponse<byte[]> response, String words, Optional<Instant> pause) {
        try {
            Optional<URI> target = response.headers().firstValue("location").map(response.uri()::resolve);
            return new Answer(target.isPresent() ? Meaning.MOVED : Meaning.REFUSED, words, pause, target);
        } catch (IllegalArgumentException e) {
            return new Answer(Meaning.REFUSED, words + ", to no address", pause, Optional.empty());
        }
    }

    private static Optional<Instant> pause(HttpResponse<byte[]> response, Instant now) {
        HttpHeaders headers = response.headers();
        Optional<Instant> asked = response.statusCode() < 300
                ? Optional.empty()
                : headers.firstValue("retry-after").flatMap(value -> retryAfter(value, now));
        Instant latest = now.plus(LONGEST_PAUSE);
        return asked.or(() -> rateLimit(headers))
                .filter(now::isBefore)
                .map(until -> until.isBefore(latest) ? until : latest);
    }

    /** Seconds or a date, RFC 9110, 10.2.3; one that is neither asks for nothing. */
    private static Optional<Instant> retryAfter(String value, Instant now) {
        try {
            return number(value)
                    .map(now::plusSeconds)
                    .or(() -> Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value.strip()))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> rateLimit(HttpHeaders headers) {
        return headers.firstValue("x-ratelimit-remaining")
                .filter(remaining -> remaining.strip().equals("0"))
                .flatMap(none -> headers.firstValue("x-ratelimit-reset"))
                .flatMap(Answer::number)
                .map(Instant::ofEpochSecond);
    }

    private static Optional<Long> number(String value) {
        return Optional.of(value.strip())
                .filter(text -> text.matches("[0-9]{1,11}"))
                .map(Long::valueOf);
    }

    /** GitHub's {@code message}, or the first line of any other answer. */
    private static String said(HttpResponse<byte[]> response) {
        String text = Text.firstLine(message(response.body()));
        String authorization =
                response.request().headers().firstValue("authorization").orElse("");
        String token = authorization.substring(authorization.indexOf(' ') + 1);
        return Text.line(token.isEmpty() ? text : text.replace(token, "[token]"), LONGEST_WORDS);
    }

    private static String message(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (!text.startsWith("{")) {
            return text;
        }
        try {
            JsonNode message = JSON.readTree(body).path("message");
            return message.isTextual() ? message.textValue() : text;
        } catch (IOException e) {
            return text;
        }
    }
}
