package org.ocpu.builder;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;

/**
 * Builds and their stages in the database.
 *
 * <p>What must not be lost to a {@code kill -9} or a power cut (an accepted push, a finished build) is on the disk when
 * its method returns; the rest follows within H2's write delay, and losing it only means that a build runs again.
 */
final class BuildStore {
    /** How often a build is begun that the server does not survive. */
    private static final int MOST_ATTEMPTS = 2;

    private final Jdbi jdbi;
    private final AtomicLong syncsAsked = new AtomicLong();
    private long synced;
    private final BiConsumer<Handle, Build> news;
    private final LongConsumer changed;

    /**
     * @param news told of each change of a build's state, in the transaction that makes it
     * @param changed told the number of a build after each change of what is shown of it
     */
    BuildStore(Jdbi jdbi, BiConsumer<Handle, Build> news, LongConsumer changed) {
        this.jdbi = jdbi;
        this.news = news;
        this.changed = changed;
    }

    /** Keeps an accepted push, to be built; not lost any more after {@link #sync}. */
    Build add(Push push, OptionalLong rebuildOf) {
        long id = jdbi.inTransaction(handle -> tell(
                handle,
                handle.createUpdate(
                                "insert into builds (app, owner, commit_id, push, state, queued_at, rebuild_of, author, branch, words)"
                                        + " values (:app, :owner, :commit, :push, :state, :now, :rebuild, :author, :branch, :words)")
                        .bindMap(BuildSearch.columns(push))
                        .bind("app", push.app().key())
                        .bind("owner", push.app().owner().toLowerCase(Locale.ROOT))
                        .bind("commit", push.commit())
                        .bind("push", BuildRows.json(push))
                        .bind("state", State.QUEUED)
                        .bind("now", now())
                        .bind("rebuild", rebuildOf.isPresent() ? (Long) rebuildOf.getAsLong() : null)
                        .executeAndReturnGeneratedKeys("id")
                        .mapTo(Long.class)
                        .one()));
        changed.accept(id);
        return build(id).orElseThrow();
    }

    Optional<Build> build(long id) {
        return jdbi.withHandle(handle -> BuildRows.of(handle, "where id = :id", Map.of("id", id))).stream()
                .findFirst();
    }

    /** The newest builds of an app that has not been removed since, newest first. */
    List<Build> ofApp(AppName app, int limit) {
        return jdbi.withHandle(handle -> BuildRows.of(
                handle,
                "where app = :app and not removed order by id desc limit :limit",
                Map.of("app", app.key(), "limit", limit)));
    }

    /** The newest build of the same app before this one that came to its end, unless the app has been removed since. */
    Optional<Build> before(Build build) {
        return jdbi
                .withHandle(handle -> BuildRows.of(
                        handle,
                        "where app = :app and id < :id and state in ('SUCCEEDED', 'FAILED') and not removed"
                                + " order by id desc limit 1",
                        Map.of("app", build.app().key(), "id", build.id())))
                .stream()
                .findFirst();
    }

    /** All that wait, oldest first. */
    List<Build> queued() {
        return jdbi.withHandle(
                handle -> BuildRows.of(handle, "where state = :state order by id", Map.of("state", State.QUEUED)));
    }

    /**
     * An app of which something waits.
     *
     * @param next its newest build, or one that a crash kept from going live
     * @param oldest its oldest build: since when it waits
     */
    record Waiting(String app, String owner, long next, long oldest) {}

    List<Waiting> waiting() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select app, owner, coalesce(max(case when publishing then id end), max(id)) chosen, min(id) oldest from builds where state = 'QUEUED' group by app, owner")
                .map((row, context) -> new Waiting(
                        row.getString("app"), row.getString("owner"), row.getLong("chosen"), row.getLong("oldest")))
                .list());
    }

    /** How many are in that state. */
    int count(State state) {
        return jdbi.withHandle(handle -> handle.createQuery("select count(*) from builds where state = :state")
                .bind("state", state)
                .mapTo(Integer.class)
                .one());
    }

    /** What else of the app might be newer than this build: what waits, and what was published last. */
    List<Build> rivals(Build build) {
        return jdbi.withHandle(handle -> BuildRows.of(
                handle,
                "where app = :app and id <> :id and (state = 'QUEUED' or (published and not removed and finished_at = ("
                        + "select max(finished_at) from builds where app = :app and id <> :id and published and not removed)))"
                        + " order by id",
                Map.of("app", build.app().key(), "id", build.id())));
    }

    /** Begins a waiting build; false when it is not waiting, so that no build runs twice at once. */
    boolean begin(long id) {
        boolean begun = jdbi.inTransaction(handle -> {
            handle.execute("delete from stages where build = ?", id);
            int updated = handle.execute(
                    "update builds set state = 'RUNNING', started_at = ?, failed_stage = null, failure = null"
                            + " where id = ? and state = 'QUEUED'",
                    now(),
                    id);
            return tellIf(updated == 1, handle, id);
        });
        sync(); // so that a crash is known to have interrupted it
        changed.accept(id);
        return begun;
    }

    /** Puts builds that were running when the server closed back into the queue. */
    void requeueRunning() {
        jdbi.useHandle(handle ->
                handle.execute("update builds set state = 'QUEUED', started_at = null where state = 'RUNNING'"));
    }

    /**
     * The same for builds that a crash of the server interrupted, which are marked so.
     *
     * @return those not worth another attempt, for the caller to end
     */
    List<Build> requeueInterrupted() {
        List<Build> running =
                jdbi.withHandle(handle -> BuildRows.of(handle, "where state = :state", Map.of("state", State.RUNNING)));
        jdbi.useHandle(handle -> handle.execute(
                "update builds set state = 'QUEUED', started_at = null, attempts = attempts + 1 where state = 'RUNNING'"
                        + " and (publishing or attempts < ?)",
                MOST_ATTEMPTS));
        return running.stream()
                .filter(build -> !build.publishing() && build.attempts() >= MOST_ATTEMPTS)
                .toList();
    }

    void beginStage(long id, Stage stage) {
        change(
                id,
                handle -> handle.execute(
                        "merge into stages (build, stage, state, started_at, ended_at) values (?, ?, ?, ?, null)",
                        id,
                        stage,
                        State.RUNNING,
                        now()));
    }

    void endStage(long id, Stage stage, State state) {
        change(
                id,
                handle -> handle.execute(
                        "update stages set state = ?, ended_at = ? where build = ? and stage = ?",
                        state,
                        now(),
                        id,
                        stage));
    }

    void describe(long id, Description description) {
        change(
                id,
                handle -> handle.execute(
                        "update builds set package = ?, version = ?, title = ? where id = ?",
                        description.name(),
                        description.version(),
                        description.title(),
                        id));
    }

    void fail(long id, Build.Failure failure) {
        change(
                id,
                handle -> handle.execute(
                        "update builds set failed_stage = ?, failure = ? where id = ?",
                        failure.stage(),
                        failure.reason(),
                        id));
    }

    /** From here on the build's version may be in place, even if a crash comes before {@link #published}. */
    void publishing(long id) {
        jdbi.useHandle(handle -> handle.execute("update builds set publishing = true where id = ?", id));
        sync();
    }

    /** The build begins anew, and what it had put in place is gone. */
    void notPublishing(long id) {
        jdbi.useHandle(handle -> handle.execute("update builds set publishing = false where id = ?", id));
    }

    void published(long id) {
        jdbi.useHandle(handle -> handle.execute("update builds set published = true where id = ?", id));
        sync();
    }

    void mailed(long id, Optional<String> mailId, String mail) {
        change(
                id,
                handle -> handle.execute(
                        "update builds set mail_id = ?, mail = ? where id = ?",
                        mailId.orElse(null),
                        Text.line(mail, 900),
                        id));
    }

    /** Ends a running build. */
    void finish(long id, State state) {
        jdbi.useTransaction(handle -> {
            int updated = handle.execute(
                    "update builds set finished_at = ?, state = ? where id = ? and state = 'RUNNING'",
                    now(),
                    state,
                    id);
            tellIf(updated == 1, handle, id);
        });
        sync();
        changed.accept(id);
    }

    /** Ends a waiting build; false when it does not wait any more. */
    boolean cancelQueued(long id) {
        boolean cancelled = endQueued(id, State.CANCELLED, OptionalLong.empty());
        sync();
        return cancelled;
    }

    /** Ends a waiting build that a newer one makes pointless; false when it does not wait any more. */
    boolean supersedeQueued(long id, long newer) {
        return endQueued(id, State.SUPERSEDED, OptionalLong.of(newer));
    }

    private boolean endQueued(long id, State state, OptionalLong newer) {
        boolean ended = jdbi.inTransaction(handle -> {
            int updated = handle.execute(
                    "update builds set finished_at = ?, state = ?, superseded_by = ? where id = ?"
                            + " and state = 'QUEUED' and not (publishing and ? = 'SUPERSEDED')",
                    now(),
                    state,
                    newer.isPresent() ? (Long) newer.getAsLong() : null,
                    id,
                    state);
            return tellIf(updated == 1, handle, id);
        });
        changed.accept(id);
        return ended;
    }

    /** Notes which build makes a running one pointless, before it is ended so. */
    void supersedeRunning(long id, long newer) {
        jdbi.useHandle(handle -> handle.execute("update builds set superseded_by = ? where id = ?", newer, id));
    }

    /** Forgets that an app is hosted: what was built of it says nothing about what comes. */
    void remove(AppName app) {
        jdbi.useHandle(handle -> handle.execute("update builds set removed = true where app = ?", app.key()));
        sync();
    }

    /** Whether the app of this build was removed after it was asked for. */
    boolean removed(long id) {
        return jdbi.withHandle(handle -> handle.createQuery("select removed from builds where id = :id")
                .bind("id", id)
                .mapTo(Boolean.class)
                .one());
    }

    /** The newest push of each hosted app that is no preview. */
    List<Push> hosted() {
        return jdbi
                .withHandle(handle -> BuildRows.of(
                        handle,
                        "where id in (select max(id) from builds where published and not removed and app not like :preview"
                                + " group by app) order by id",
                        Map.of("preview", "%@%")))
                .stream()
                .map(Build::push)
                .toList();
    }

    /** The commit of the newest push of an app that was not too late. */
    Optional<String> newestCommit(AppName app) {
        return jdbi
                .withHandle(handle -> BuildRows.of(
                        handle,
                        "where app = :app and not removed and state <> 'SUPERSEDED' and rebuild_of is null"
                                + " order by id desc limit 1",
                        Map.of("app", app.key())))
                .stream()
                .map(build -> build.push().commit())
                .findFirst();
    }

    /** Forgets the builds of apps and previews that were removed, some time after they ended, and returns their numbers. */
    List<Long> forgetRemoved(Instant before) {
        return jdbi.inTransaction(handle -> {
            List<Long> old = handle.createQuery("select id from builds where removed and finished_at < :before")
                    .bind("before", before)
                    .mapTo(Long.class)
                    .list();
            old.forEach(id -> handle.execute("delete from builds where id = ?", id));
            return old;
        });
    }

    /** Forgets the oldest finished builds of an app and returns their numbers. */
    List<Long> forgetBeyond(AppName app, int keep) {
        return jdbi.inTransaction(handle -> {
            List<Long> old = handle.createQuery(
                            "select id from builds where app = :app and finished_at is not null and id <> coalesce((select max(id)"
                                    + " from builds where app = :app and published and not removed), 0) order by id desc offset :keep rows")
                    .bind("app", app.key())
                    .bind("keep", keep)
                    .mapTo(Long.class)
                    .list();
            old.forEach(id -> handle.execute("delete from builds where id = ?", id));
            return old;
        });
    }

    /** Makes sure that new builds have higher numbers than any version on disk, even after the database was lost. */
    void numberAbove(long newestVersion) {
        long newest = Math.max(
                newestVersion, jdbi.withHandle(handle -> handle.createQuery("select coalesce(max(id), 0) from builds")
                        .mapTo(Long.class)
                        .one()));
        jdbi.useHandle(handle ->
                handle.execute("alter table builds alter column id restart with " + Math.addExact(newest, 1)));
    }

    private void change(long id, HandleConsumer<RuntimeException> change) {
        jdbi.useHandle(change);
        changed.accept(id);
    }

    private long tell(Handle handle, long id) {
        BuildRows.of(handle, "where id = :id", Map.of("id", id)).forEach(build -> news.accept(handle, build));
        return id;
    }

    private boolean tellIf(boolean updated, Handle handle, long id) {
        if (updated) {
            tell(handle, id);
        }
        return updated;
    }

    /** Brings all that was written before to the disk; callers that come while it works share the next turn. */
    void sync() {
        long mine = syncsAsked.incrementAndGet();
        synchronized (syncsAsked) {
            if (synced < mine) {
                long now = syncsAsked.get();
                jdbi.useHandle(handle -> handle.execute("checkpoint sync"));
                synced = now;
            }
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}
