package org.ocpu.builder;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** The deliveries of the last weeks in the database, by the id that GitHub gave them and keeps when it delivers again. */
final class DeliveryStore {
    private static final Duration KEPT = Duration.ofDays(30); // GitHub redelivers for three days
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,100}");

    private final Jdbi jdbi;

    DeliveryStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A delivery's id; absent when it has none that can be kept. */
    static Optional<String> id(Delivery delivery) {
        return delivery.header("x-github-delivery")
                .filter(id -> ID.matcher(id).matches())
                .map(id -> id.toLowerCase(Locale.ROOT));
    }

    Optional<DeliveryView> find(String id) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from deliveries where id = :id")
                .bind("id", id)
                .map((row, context) -> view(row))
                .findOne());
    }

    /** Remembers how a delivery was answered; one that came before is replaced. */
    void keep(String id, Delivery delivery, String repository, WebhookAnswer answer) {
        jdbi.useHandle(handle -> handle.execute(
                "merge into deliveries (id, received_at, event, repository, status, message, builds) values (?, ?, ?, ?, ?, ?, ?)",
                id,
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                Text.line(delivery.header("x-github-event").orElse(""), 40),
                repository,
                answer.status(),
                Text.line(answer.message(), 900),
                answer.builds().stream().map(String::valueOf).collect(Collectors.joining(" "))));
    }

    List<DeliveryView> newest(int limit) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select * from deliveries order by received_at desc limit :limit")
                        .bind("limit", limit)
                        .map((row, context) -> view(row))
                        .list());
    }

    void forgetOld() {
        jdbi.useHandle(handle -> handle.execute(
                "delete from deliveries where received_at < ?", Instant.now().minus(KEPT)));
    }

    private static DeliveryView view(ResultSet row) throws SQLException {
        return new DeliveryView(
                row.getString("id"),
                row.getTimestamp("received_at").toInstant(),
                row.getString("event"),
                row.getString("repository"),
                row.getInt("status"),
                row.getString("message"),
                Pattern.compile(" ")
                        .splitAsStream(row.getString("builds"))
                        .filter(build -> !build.isEmpty())
                        .map(Long::valueOf)
                        .toList());
    }
}
