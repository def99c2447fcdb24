package org.ocpu.builder;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatement;

/** The tables {@code sync_runs} and {@code sync_packages}. Thread-safe. */
final class SyncStore {
    private final Jdbi jdbi;

    SyncStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A new run, which waits. */
    long add(SyncConfig config, String cause) {
        return jdbi.withHandle(handle -> handle.createUpdate(
                        "insert into sync_runs (sync, library, cause, state, started_at, total, added, updated, removed,"
                                + " unchanged, failed, skipped, bytes, notes)"
                                + " values (:sync, :library, :cause, :state, :now, 0, 0, 0, 0, 0, 0, 0, 0, '')")
                .bind("sync", config.name())
                .bind("library", config.library())
                .bind("cause", cause)
                .bind("state", SyncRunState.WAITING)
                .bind("now", Instant.now().truncatedTo(ChronoUnit.MICROS))
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one());
    }

    /** Keeps a package that has ended. */
    void keep(long run, SyncPackageView one) {
        jdbi.useHandle(handle -> bind(
                        handle.createUpdate(
                                "merge into sync_packages (run, name, version, before, state, reason, tail, size, bytes,"
                                        + " started_at, ended_at) key (run, name) values (:run, :name, :version, :before,"
                                        + " :state, :reason, :tail, :size, :bytes, :started, :ended)"),
                        one)
                .bind("run", run)
                .execute());
    }

    private static <T extends SqlStatement<T>> T bind(T statement, SyncPackageView one) {
        return statement
                .bind("name", one.name())
                .bind("version", one.version())
                .bind("before", one.before().orElse(null))
                .bind("state", one.state())
                .bind("reason", one.reason().orElse(null))
                .bind("tail", one.tail().orElse(null))
                .bind("size", one.size())
                .bind("bytes", one.bytes())
                .bind("started", one.startedAt().orElse(null))
                .bind("ended", one.endedAt().orElse(null));
    }

    /** Keeps how a run stands. */
    void keep(SyncRunView run) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update sync_runs set state = :state, ended_at = :ended, total = :total, added = :added,"
                                + " updated = :updated, removed = :removed, unchanged = :unchanged, failed = :failed,"
                                + " skipped = :skipped, bytes = :bytes, problem = :problem, notes = :notes where id = :id")
                .bind("id", run.id())
                .bind("state", run.state())
                .bind("ended", run.endedAt().orElse(null))
                .bind("total", run.total())
                .bind("added", run.added())
                .bind("updated", run.updated())
                .bind("removed", run.removed())
                .bind("unchanged", run.unchanged())
                .bind("failed", run.failed())
                .bind("skipped", run.skipped())
                .bind("bytes", run.bytes())
                .bind("problem", run.problem().orElse(null))
                .bind("notes", String.join("\n", run.notes()))
                .execute());
    }

    /** Ends the runs that a crash or the end of the server interrupted, counts what they did, and names them. */
    List<SyncRunView> endInterrupted() {
        List<Long> open = jdbi.withHandle(handle -> handle.createQuery(
                        "select id from sync_runs where state in ('WAITING', 'RUNNING') order by id")
                .mapTo(Long.class)
                .list());
        for (long id : open) {
            jdbi.useHandle(handle -> handle.createUpdate("update sync_runs r set state = 'STOPPED', ended_at = :now,"
                            + " problem = 'the server ended while it ran; the next run goes on from there',"
                            + " total = (select count(*) from sync_packages where run = r.id),"
                            + " added = (select count(*) from sync_packages where run = r.id and state = 'ADDED'),"
                            + " updated = (select count(*) from sync_packages where run = r.id and state = 'UPDATED'),"
                            + " removed = (select count(*) from sync_packages where run = r.id and state = 'REMOVED'),"
                            + " failed = (select count(*) from sync_packages where run = r.id and state = 'FAILED'),"
                            + " skipped = (select count(*) from sync_packages where run = r.id and state = 'SKIPPED'),"
                            + " bytes = (select coalesce(sum(bytes), 0) from sync_packages where run = r.id)"
                            + " where id = :id")
                    .bind("now", Instant.now().truncatedTo(ChronoUnit.MICROS))
                    .bind("id", id)
                    .execute());
        }
        return open.stream().map(id -> find(id).orElseThrow()).toList();
    }

    Optional<SyncRunView> find(long run) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from sync_runs where id = :id")
                .bind("id", run)
                .map((row, context) -> run(row))
                .findOne());
    }

    /** The runs of a sync, newest first. */
    List<SyncRunView> ofSync(String sync, OptionalLong before, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from sync_runs where sync = :sync and id < :before order by id desc limit :limit")
                .bind("sync", sync)
                .bind("before", before.orElse(Long.MAX_VALUE))
                .bind("limit", limit)
                .map((row, context) -> run(row))
                .list());
    }

    /** The run before this one that came to its end. */
    Optional<SyncRunView> before(SyncRunView run) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from sync_runs where sync = :sync and id < :id"
                        + " and state in ('SUCCEEDED', 'FAILED') order by id desc limit 1")
                .bind("sync", run.sync())
                .bind("id", run.id())
                .map((row, context) -> run(row))
                .findOne());
    }

    /**
     * The packages that a run changed or failed at, by name.
     *
     * @param tails of how many, in each state, R's last words are read, too
     */
    List<SyncPackageView> packages(long run, int tails) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select name, version, before, state, reason, size, bytes, started_at, ended_at,"
                                + " case when row_number() over (partition by state order by name) <= :tails then tail end as tail"
                                + " from sync_packages where run = :run order by name")
                .bind("run", run)
                .bind("tails", tails)
                .map((row, context) -> packageOf(row))
                .list());
    }

    /** Forgets runs of a sync beyond the newest ones. */
    void forgetBeyond(String sync, int kept) {
        jdbi.useHandle(handle -> handle.createUpdate("delete from sync_runs where sync = :sync and id not in ("
                        + "select id from sync_runs where sync = :sync order by id desc limit :kept)")
                .bind("sync", sync)
                .bind("kept", kept)
                .execute());
    }

    /** Forgets R's last words about the packages of runs of a sync beyond the newest ones: most of what a run takes is these. */
    void forgetTailsBeyond(String sync, int kept) {
        jdbi.useHandle(handle -> handle.createUpdate("update sync_packages set tail = null where tail is not null"
                        + " and run in (select id from sync_runs where sync = :sync) and run not in ("
                        + "select id from sync_runs where sync = :sync order by id desc limit :kept)")
                .bind("sync", sync)
                .bind("kept", kept)
                .execute());
    }

    private static SyncRunView run(ResultSet row) throws SQLException {
        String notes = row.getString("notes");
        return new SyncRunView(
                row.getLong("id"),
                row.getString("sync"),
                row.getString("library"),
                row.getString("cause"),
                SyncRunState.valueOf(row.getString("state")),
                row.getTimestamp("started_at").toInstant(),
                time(row, "ended_at"),
                row.getInt("total"),
                row.getInt("added"),
                row.getInt("updated"),
                row.getInt("removed"),
                row.getInt("unchanged"),
                row.getInt("failed"),
                row.getInt("skipped"),
                row.getLong("bytes"),
                Optional.ofNullable(row.getString("problem")),
                notes.isEmpty() ? List.of() : notes.lines().toList());
    }

    private static SyncPackageView packageOf(ResultSet row) throws SQLException {
        return new SyncPackageView(
                row.getString("name"),
                row.getString("version"),
                Optional.ofNullable(row.getString("before")),
                SyncPackageState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("reason")),
                Optional.ofNullable(row.getString("tail")),
                row.getLong("size"),
                row.getLong("bytes"),
                time(row, "started_at"),
                time(row, "ended_at"));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
