package org.ocpu.builder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Rows of the tables {@code builds} and {@code stages} as records. */
final class BuildRows {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .build();

    private BuildRows() {}

    /** @param clause what follows {@code from builds}, with parameters by these names */
    static List<Build> of(Handle handle, String clause, Map<String, ?> values) {
        List<Build> builds = handle.createQuery("select * from builds " + clause)
                .bindMap(values)
                .map((row, context) -> build(row))
                .list();
        Map<Long, Map<Stage, StageView>> begun = begun(handle, builds);
        return builds.stream()
                .map(build -> build.with(stages(build, begun.getOrDefault(build.id(), Map.of()))))
                .toList();
    }

    /** The builds with these numbers that there are, newest first. */
    static List<Build> ofIds(Handle handle, Collection<Long> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        String list = ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return of(handle, "where id in (" + list + ") order by id desc", Map.of());
    }

    static String json(Push push) {
        try {
            return JSON.writeValueAsString(push);
        } catch (JsonProcessingException e) {
            throw new BuilderException("a push cannot be stored", e);
        }
    }

    static Push push(String json) {
        try {
            return JSON.treeToValue(current(JSON.readTree(json)), Push.class);
        } catch (JsonProcessingException e) {
            throw new BuilderException("a stored push cannot be read", e);
        }
    }

    /** A push as the first version of this server stored it, in today's form. */
    private static JsonNode current(JsonNode push) {
        if (push.has("ref") || !(push instanceof ObjectNode old)) {
            return push;
        }
        old.put("app", old.at("/app/owner").asText() + "/" + old.at("/app/repo").asText());
        old.put("ref", "refs/heads/" + old.path("branch").asText());
        old.put("directory", "").put("forced", false);
        old.withObject("/wishes").put("ref", "");
        return old;
    }

    private static Build build(ResultSet row) throws SQLException {
        Build.Times times = new Build.Times(
                row.getTimestamp("queued_at").toInstant(), time(row, "started_at"), time(row, "finished_at"));
        return new Build(
                row.getLong("id"),
                push(row.getString("push")),
                State.valueOf(row.getString("state")),
                times,
                row.getInt("attempts"),
                row.getBoolean("publishing"),
                number(row, "superseded_by"),
                number(row, "rebuild_of"),
                failure(row),
                description(row),
                Optional.ofNullable(row.getString("mail_id")),
                row.getString("mail"),
                List.of());
    }

    private static Optional<Build.Failure> failure(ResultSet row) throws SQLException {
        String stage = row.getString("failed_stage");
        return stage == null
                ? Optional.empty()
                : Optional.of(new Build.Failure(Stage.valueOf(stage), row.getString("failure")));
    }

    /** What a list of builds shows of it. */
    private static Optional<Description> description(ResultSet row) throws SQLException {
        String name = row.getString("package");
        return name == null
                ? Optional.empty()
                : Optional.of(new Description(name, row.getString("version"), row.getString("title"), ""));
    }

    /** The stages begun and, of a build that is not finished, those to come. */
    private static List<StageView> stages(Build build, Map<Stage, StageView> begun) {
        Stage last = begun.isEmpty() ? Stage.QUEUE : Collections.max(begun.keySet());
        List<StageView> stages = new ArrayList<>(begun.values());
        if (!build.state().finished()) {
            Stream.of(Stage.values())
                    .filter(stage -> stage.compareTo(last) > 0)
                    .map(stage -> new StageView(stage.label(), State.QUEUED, Optional.empty(), Optional.empty()))
                    .forEach(stages::add);
        }
        return stages;
    }

    /** The stages begun of these builds, in order. */
    private static Map<Long, Map<Stage, StageView>> begun(Handle handle, List<Build> builds) {
        Map<Long, Map<Stage, StageView>> begun = new HashMap<>();
        if (!builds.isEmpty()) {
            handle.createQuery("select * from stages where build in (<builds>)")
                    .bindList("builds", builds.stream().map(Build::id).toList())
                    .map((row, context) -> begun.computeIfAbsent(
                                    row.getLong("build"), build -> new EnumMap<>(Stage.class))
                            .put(Stage.valueOf(row.getString("stage")), stage(row)))
                    .list();
        }
        return begun;
    }

    private static StageView stage(ResultSet row) throws SQLException {
        return new StageView(
                Stage.valueOf(row.getString("stage")).label(),
                State.valueOf(row.getString("state")),
                time(row, "started_at"),
                time(row, "ended_at"));
    }

    private static OptionalLong number(ResultSet row, String column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(number);
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
