package org.ocpu.builder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.ocpu.mailer.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * GitHub's REST API, or that of a GitHub Enterprise server: requests as it wants them, and what it knows of users. Thread-safe.
 *
 * <p>A token goes to addresses of the API only, and only in a header.
 */
final class GitHubApi {
    private static final Logger log = LoggerFactory.getLogger(GitHubApi.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration KNOWN = Duration.ofHours(1);
    private static final Duration UNKNOWN = Duration.ofMinutes(1);
    private static final int MOST_KNOWN = 1_000;

    private final BuilderConfig.GitHub config;
    private final Clock clock;
    private final Duration patience;
    private final HttpClient client = client();
    private final Map<String, Known> users = new LinkedHashMap<>();
    private volatile Instant silentUntil = Instant.MIN;

    private record Known(Optional<String> email, Instant until) {}

    GitHubApi(BuilderConfig.GitHub config) {
        this(config, Clock.systemUTC(), PATIENCE);
    }

    /** @param patience how long GitHub may take to tell about a user */
    GitHubApi(BuilderConfig.GitHub config, Clock clock, Duration patience) {
        this.config = config;
        this.clock = clock;
        this.patience = patience;
    }

    /** A client that never follows a redirect by itself, because it would take the token along. */
    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECTING)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * The mail address a user shows on GitHub; absent also when GitHub does not answer within seconds. GitHub tells it only to
     * those who come with a token. Remembered for an hour.
     */
    Optional<String> publicEmail(String login) {
        if (!LOGIN.matcher(login).matches()) {
            return Optional.empty();
        }
        String user = login.toLowerCase(Locale.ROOT);
        Instant now = clock.instant();
        return remembered(user, now)
                .orElseGet(() -> {
                    Known found = now.isBefore(silentUntil) ? unknown(now) : ask(login, now);
                    remember(user, found);
                    return found;
                })
                .email();
    }

    /** The address of what has this path. */
    URI address(String path) {
        return URI.create(config.api() + path);
    }

    /** Whether an address is one of the API, so that a token may be sent there. */
    boolean has(URI address) {
        return address.normalize().toString().startsWith(config.api() + "/");
    }

    /** By what {@link #token} finds the same token as for this owner: its name, or nothing when it has no token of its own. */
    String account(String owner) {
        String name = owner.toLowerCase(Locale.ROOT);
        return config.tokens().containsKey(name) ? name : "";
    }

    Optional<String> token(String owner) {
        return config.token(owner);
    }

    /** @throws IllegalArgumentException when the address is not one of the API, or a header cannot hold the token */
    HttpRequest.Builder request(URI address, Optional<String> token) {
        if (!has(address)) {
            throw new IllegalArgumentException("not an address of GitHub's API");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Accept", "application/vnd.github+json")
                .header("X-GitHub-Api-Version", "2022-11-28")
                .header("User-Agent", "ocpu");
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    private Known ask(String login, Instant now) {
        HttpRequest request;
        try {
            request = request(address("/users/" + login), token(login)).build();
        } catch (IllegalArgumentException e) { // its message may hold the token
            log.warn("the mail address of {} is not known: HTTP has no such address or no such token", login);
            return unknown(now);
        }
        return ask(login, request, now);
    }

    private Known ask(String login, HttpRequest request, Instant now) {
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, BoundedBody.handler());
        try {
            return known(
                    login,
                    sent.copy()
                            .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                            .join(),
                    now);
        } catch (CompletionException e) {
            sent.cancel(true);
            log.info(
                    "the mail address of {} is not known: {}",
                    login,
                    Answer.none(e).words());
            return unknown(now);
        }
    }

    private Known known(String login, HttpResponse<byte[]> response, Instant now) {
        Answer answer = Answer.of(response, now);
        answer.pauseUntil().ifPresent(until -> silentUntil = until);
        if (answer.meaning() != Answer.Meaning.TAKEN && response.statusCode() != 404) {
            log.info("the mail address of {} is not known: GitHub {}", login, answer.words());
            return unknown(now);
        }
        return new Known(email(response.body()), now.plus(KNOWN));
    }

    private static Known unknown(Instant now) {
        return new Known(Optional.empty(), now.plus(UNKNOWN));
    }

    private static Optional<String> email(byte[] user) {
        try {
            JsonNode email = JSON.readTree(user).path("email");
            return email.isTextual() ? Optional.of(email.textValue()).filter(Message::isAddress) : Optional.empty();
        } catch (IOException e) {
            log.warn(
                    "GitHub's answer about a user is not JSON: {}", e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private Optional<Known> remembered(String user, Instant now) {
        synchronized (users) {
            return Optional.ofNullable(users.get(user)).filter(known -> now.isBefore(known.until()));
        }
    }

    private void remember(String user, Known found) {
        synchronized (users) {
            users.remove(user);
            users.put(user, found);
            if (users.size() > MOST_KNOWN) {
                users.remove(users.keySet().iterator().next());
            }
        }
    }
}
