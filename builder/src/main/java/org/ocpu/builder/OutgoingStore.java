package org.ocpu.builder;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The table {@code outgoing}: posts that are to be sent. Thread-safe. */
final class OutgoingStore {
    private static final int LONGEST_FAILURE = 900;

    private final Jdbi jdbi;
    private final Map<Allowance, Instant> pauses = new ConcurrentHashMap<>();

    /** A post and how often it was tried. */
    record Row(long id, int attempts, Post post) {}

    /** What a server counts together when it limits requests. */
    private record Allowance(Post.Kind kind, String owner) {
        static Allowance of(Post post) {
            return new Allowance(post.kind(), post.owner());
        }
    }

    OutgoingStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Stores a post in place of older ones of its topic. */
    void add(Handle handle, Post post) {
        Instant now = now();
        Instant paused = pauses.getOrDefault(Allowance.of(post), now);
        handle.execute("delete from outgoing where topic = ? and kind = ?", post.topic(), post.kind());
        handle.createUpdate("insert into outgoing (kind, owner, topic, url, body, next_at, expires_at)"
                        + " values (:kind, :owner, :topic, :url, :body, :next, :expires)")
                .bind("kind", post.kind())
                .bind("owner", post.owner())
                .bind("topic", post.topic())
                .bind("url", post.url().toString())
                .bind("body", post.body())
                .bind("next", paused.isAfter(now) ? paused : now)
                .bind("expires", post.expires())
                .execute();
    }

    /** Posts whose time has come, oldest first. */
    List<Row> due(Post.Kind kind, Instant now, int most) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from outgoing where kind = :kind and next_at <= :now order by id limit :most")
                .bind("kind", kind)
                .bind("now", now)
                .bind("most", most)
                .map((row, context) -> row(row))
                .list());
    }

    /** When the next post's time comes, of those whose time has not come yet. */
    Optional<Instant> nextAfter(Instant now) {
        return jdbi.withHandle(handle -> handle.createQuery("select min(next_at) from outgoing where next_at > :now")
                .bind("now", now)
                .mapTo(Instant.class)
                .findOne());
    }

    /** Removes a post that is settled, and older ones of its topic, which two transactions at once may have left. */
    void delete(Row row) {
        jdbi.useHandle(handle -> handle.execute(
                "delete from outgoing where topic = ? and kind = ? and id <= ?",
                row.post().topic(),
                row.post().kind(),
                row.id()));
    }

    /** Puts a post off; false when a newer one has taken its place. */
    boolean retry(Row row, URI url, Instant next, String failure) {
        return jdbi.withHandle(handle -> handle.execute(
                        "update outgoing set attempts = ?, url = ?, next_at = ?, failure = ? where id = ?",
                        row.attempts() + 1,
                        url.toString(),
                        next,
                        Text.line(failure, LONGEST_FAILURE),
                        row.id()))
                == 1;
    }

    /** Keeps everything back that uses up the same allowance as this post. */
    void pause(Post post, Instant until) {
        pauses.put(Allowance.of(post), until);
        jdbi.useHandle(handle -> handle.execute(
                "update outgoing set next_at = ? where kind = ? and owner = ? and next_at < ?",
                until,
                post.kind(),
                post.owner(),
                until));
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    private static Row row(ResultSet row) throws SQLException {
        Post post = new Post(
                Post.Kind.valueOf(row.getString("kind")),
                row.getString("owner"),
                row.getString("topic"),
                URI.create(row.getString("url")),
                row.getString("body"),
                row.getTimestamp("expires_at").toInstant());
        return new Row(row.getLong("id"), row.getInt("attempts"), post);
    }
}
