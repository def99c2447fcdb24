package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.UnauthorizedResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ocpu.app.OverloadedException;
import org.ocpu.builder.AppName;
import org.ocpu.webapp.WebConfig.Api;

/**
 * Lets only those use a part of the API, or an app, that its rule names, by HTTP basic or bearer authentication (RFC 7617, RFC
 * 6750); and the admin, by the admin token. Lists leave out what whoever asks may not use.
 */
final class ReaderGuard {
    private static final Pattern HEADER = Pattern.compile("(?i:(basic|bearer)) +([A-Za-z0-9._~+/-]+=*) *");
    private static final String ACCEPTED_BY = ReaderGuard.class.getName();
    private static final String PRIVATE = ACCEPTED_BY + ".private";
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MOST_REMEMBERED = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final SecretHash NOBODY = SecretHash.ofPassword(SecretHash.token());

    /** The same for every build, whoever may see it. */
    private static final List<String> OF_BUILDS = challenges("builds", true, true);

    private final AccessRules rules;
    private final AdminGuard admin;
    private final Guesses guesses;

    /** Passwords are slow to check: not more at once than half the machine, and those that were right not each time. */
    private final Semaphore checking =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    private final Cache<SecretHash, String> right = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .build();

    /** What a request brought, and which rules let it pass. */
    private record Accepted(boolean brought, Set<Readers> by, boolean admin) {}

    /** What a request says of who it is from; there is no user with a token. */
    private record Credentials(Optional<String> user, String secret) {}

    ReaderGuard(AccessRules rules, AdminGuard admin, Guesses guesses) {
        this.rules = rules;
        this.admin = admin;
        this.guesses = guesses;
    }

    /** Refuses who may not use a part of the API. */
    void check(Context ctx, Api part) {
        rules.of(part).ifPresent(readers -> check(ctx, readers, challenges(readers)));
    }

    /** Refuses who may not use an app, whether there is one or not. */
    void check(Context ctx, String owner, String path) {
        rules.ofApp(owner, path).ifPresent(readers -> check(ctx, readers, challenges(readers)));
    }

    void check(Context ctx, AppName app) {
        check(ctx, app.owner(), app.repo());
    }

    /** The same for a build that is asked for by its number: of which app it is, the refusal does not tell either. */
    void checkBuild(Context ctx, AppName app) {
        rules.ofApp(app.owner(), app.repo()).ifPresent(readers -> check(ctx, readers, OF_BUILDS));
    }

    /** Whether an app is to be on a list. */
    boolean shows(Context ctx, String owner, String path) {
        Optional<Readers> readers = rules.ofApp(owner, path);
        if (readers.isEmpty()) {
            return true;
        }
        ctx.attribute(PRIVATE, true);
        return passes(accepted(ctx), readers.get());
    }

    boolean shows(Context ctx, AppName app) {
        return shows(ctx, app.owner(), app.repo());
    }

    /** Whether a rule was asked what this request may use. */
    static boolean isGuarded(Context ctx) {
        return ctx.attribute(PRIVATE) != null;
    }

    /** Finds out who asks before the answer begins, for {@link #shown}; refuses whoever tries too many secrets. */
    void know(Context ctx) {
        if (!rules.all().isEmpty()) {
            accepted(ctx);
        }
    }

    /** What {@link #shows} tells of whoever asked, to be kept beyond the request's handler. */
    Predicate<AppName> shown(Context ctx) {
        if (rules.all().isEmpty()) {
            return app -> true;
        }
        Accepted known = accepted(ctx);
        return app -> rules.ofApp(app.owner(), app.repo())
                .map(readers -> passes(known, readers))
                .orElse(true);
    }

    /** A value of {@code Cache-Control}; caches that many share are not to keep what is not for everybody. */
    static String cacheControl(Context ctx, String control) {
        return ctx.attribute(PRIVATE) == null ? control : control.replace("public", "private");
    }

    private void check(Context ctx, Readers readers, List<String> challenges) {
        ctx.attribute(PRIVATE, true);
        Accepted accepted = accepted(ctx);
        if (passes(accepted, readers)) {
            return;
        }
        if (!accepted.by().isEmpty()) {
            throw new ForbiddenResponse("You are known here, but not among those who may use this.");
        }
        challenges.forEach(challenge -> ctx.res().addHeader("WWW-Authenticate", challenge));
        throw new UnauthorizedResponse(
                accepted.brought() ? "This password or token is not right." : "This needs a password or a token.");
    }

    private static boolean passes(Accepted accepted, Readers readers) {
        return accepted.admin() || accepted.by().contains(readers);
    }

    private static List<String> challenges(Readers readers) {
        boolean users = readers.all().stream().anyMatch(reader -> reader.user().isPresent());
        boolean tokens = readers.all().stream().anyMatch(reader -> reader.user().isEmpty());
        return challenges(readers.key().replaceFirst("^auth\\.", ""), users || !tokens, tokens);
    }

    private static List<String> challenges(String realm, boolean users, boolean tokens) {
        List<String> challenges = new ArrayList<>();
        if (users) {
            challenges.add("Basic realm=\"ocpu " + realm + "\", charset=\"UTF-8\"");
        }
        if (tokens) {
            challenges.add("Bearer realm=\"ocpu " + realm + "\"");
        }
        return challenges;
    }

    /** Found out once a request. */
    private Accepted accepted(Context ctx) {
        Accepted known = ctx.attribute(ACCEPTED_BY);
        if (known == null) {
            known = credentials(ctx)
                    .map(credentials -> accepted(ctx, credentials))
                    .orElse(new Accepted(false, Set.of(), false));
            ctx.attribute(ACCEPTED_BY, known);
        }
        return known;
    }

    private Accepted accepted(Context ctx, Credentials credentials) {
        Set<Readers> by = new HashSet<>();
        boolean[] isAdmin = new boolean[1];
        guesses.check(ctx, () -> {
            isAdmin[0] = credentials.user().isEmpty() && admin.accepts(credentials.secret());
            if (!isAdmin[0]) {
                rules.all().stream()
                        .filter(readers -> accepts(readers, credentials))
                        .forEach(by::add);
                if (credentials.user().filter(name -> !isKnown(name)).isPresent()) {
                    slowly(NOBODY, credentials.secret()); // so that the time does not tell who is known
                }
            }
            return isAdmin[0] || !by.isEmpty();
        });
        return new Accepted(true, by, isAdmin[0]);
    }

    private boolean isKnown(String user) {
        return rules.all().stream()
                .flatMap(readers -> readers.all().stream())
                .anyMatch(reader -> reader.user().filter(user::equals).isPresent());
    }

    private boolean accepts(Readers readers, Credentials credentials) {
        return readers.all().stream()
                .filter(reader -> reader.user().equals(credentials.user()))
                .anyMatch(reader -> isRight(reader.secret(), credentials.secret()));
    }

    private boolean isRight(SecretHash hash, String secret) {
        if (!hash.isOfPassword()) {
            return hash.matches(secret);
        }
        String digest = SecretHash.ofToken(hash.text() + secret).text();
        if (digest.equals(right.getIfPresent(hash))) {
            return true;
        }
        boolean matches = slowly(hash, secret);
        if (matches) {
            right.put(hash, digest);
        }
        return matches;
    }

    private boolean slowly(SecretHash hash, String secret) {
        try {
            if (!checking.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new OverloadedException("Too many passwords are being checked. Try again in a moment.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OverloadedException("The server is shutting down.");
        }
        try {
            return hash.matches(secret);
        } finally {
            checking.release();
        }
    }

    private static Optional<Credentials> credentials(Context ctx) {
        Matcher header = HEADER.matcher(Objects.requireNonNullElse(ctx.header("Authorization"), ""));
        if (!header.matches()) {
            return Optional.empty();
        }
        if (header.group(1).equalsIgnoreCase("bearer")) {
            return Optional.of(new Credentials(Optional.empty(), header.group(2)));
        }
        try {
            String[] parts = new String(Base64.getDecoder().decode(header.group(2)), UTF_8).split(":", 2);
            return parts.length < 2 ? Optional.empty() : Optional.of(new Credentials(Optional.of(parts[0]), parts[1]));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
