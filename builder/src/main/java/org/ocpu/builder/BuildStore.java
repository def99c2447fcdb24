package org.ocpu.builder;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Jdbi;

/**
 * Builds and their stages in the database.
 *
 * <p>What must not be lost to a {@code kill -9} or a power cut (an accepted push, a finished build) is on the disk when
 * its method returns; the rest follows within H2's write delay, and losing it only means that a build runs again.
 */
final class BuildStore {
    private final Jdbi jdbi;

    BuildStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Keeps an accepted push. */
    synchronized Build add(Push push) {
        long id = jdbi.withHandle(
                handle -> handle.createUpdate("insert into builds (app, owner, commit_id, push, state, queued_at)"
                                + " values (:app, :owner, :commit, :push, :state, :now)")
                        .bind("app", push.app().key())
                        .bind("owner", push.app().owner().toLowerCase(Locale.ROOT))
                        .bind("commit", push.commit())
                        .bind("push", BuildRows.json(push))
                        .bind("state", State.QUEUED)
                        .bind("now", now())
                        .executeAndReturnGeneratedKeys("id")
                        .mapTo(Long.class)
                        .one());
        sync();
        return build(id).orElseThrow();
    }

    Optional<Build> build(long id) {
        return jdbi.withHandle(handle -> BuildRows.of(handle, "where id = :value", id)).stream()
                .findFirst();
    }

    /** The newest builds, newest first. */
    List<Build> recent(int limit) {
        return jdbi.withHandle(handle -> BuildRows.of(handle, "order by id desc limit :value", limit));
    }

    /** All that wait, oldest first. */
    List<Build> queued() {
        return jdbi.withHandle(handle -> BuildRows.of(handle, "where state = :value order by id", State.QUEUED));
    }

    /** Begins a waiting build; false when it is not waiting, so that no build runs twice at once. */
    boolean begin(long id) {
        return jdbi.inTransaction(handle -> {
            handle.execute("delete from stages where build = ?", id);
            return handle.execute(
                            "update builds set state = 'RUNNING', started_at = ? where id = ? and state = 'QUEUED'",
                            now(),
                            id)
                    == 1;
        });
    }

    /** Puts builds that were running when the server ended back into the queue and returns how many. */
    int requeueRunning() {
        return jdbi.withHandle(handle ->
                handle.execute("update builds set state = 'QUEUED', started_at = null where state = 'RUNNING'"));
    }

    void beginStage(long id, Stage stage) {
        jdbi.useHandle(handle -> handle.execute(
                "insert into stages (build, stage, state, started_at) values (?, ?, ?, ?)",
                id,
                stage,
                State.RUNNING,
                now()));
    }

    void endStage(long id, Stage stage, State state) {
        jdbi.useHandle(handle -> handle.execute(
                "update stages set state = ?, ended_at = ? where build = ? and stage = ?", state, now(), id, stage));
    }

    void describe(long id, Description description) {
        jdbi.useHandle(handle -> handle.execute(
                "update builds set package = ?, version = ?, title = ? where id = ?",
                description.name(),
                description.version(),
                description.title(),
                id));
    }

    void fail(long id, Build.Failure failure) {
        jdbi.useHandle(handle -> handle.execute(
                "update builds set failed_stage = ?, failure = ? where id = ?", failure.stage(), failure.reason(), id));
    }

    void published(long id) {
        jdbi.useHandle(handle -> handle.execute("update builds set published = true where id = ?", id));
        sync();
    }

    /** A later push of the same app that has been published. */
    OptionalLong newerPublished(Build build) {
        Optional<Long> newer = jdbi.withHandle(
                handle -> handle.createQuery("select max(id) from builds where app = :app and published and id > :id")
                        .bind("app", build.push().app().key())
                        .bind("id", build.id())
                        .mapTo(Long.class)
                        .findOne());
        return newer.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    void mailed(long id, Optional<String> mailId, String mail) {
        jdbi.useHandle(handle -> handle.execute(
                "update builds set mail_id = ?, mail = ? where id = ?", mailId.orElse(null), Text.line(mail, 900), id));
    }

    /** Ends a build: failed when it has a failure. */
    void finish(long id) {
        jdbi.useHandle(handle -> handle.execute(
                "update builds set finished_at = ?, state = case when failed_stage is null then 'SUCCEEDED' else 'FAILED'"
                        + " end where id = ?",
                now(),
                id));
        sync();
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

    private void sync() {
        jdbi.useHandle(handle -> handle.execute("checkpoint sync"));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}
