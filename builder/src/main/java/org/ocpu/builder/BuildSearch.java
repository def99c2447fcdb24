package org.ocpu.builder;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** Finds builds among many. Thread-safe. */
final class BuildSearch {
    /** Ordered as the index {@code builds_telling_of_app} is, so that each app costs one step in it, however many builds it has. */
    static final String NEWEST = """
            select id from (
              select (select b.id from builds b where b.app = wanted.app and b.telling = true
                      order by b.app desc, b.telling desc, b.id desc limit 1) id
              from table (app varchar = :apps) wanted)
            where id is not null""";

    /** Part of something, how the commit begins, or the build's number, with a number sign or not. */
    private static final String WORD =
            "(locate(?, words) > 0 or locate(?, commit_id) = 1 or cast(id as varchar) = ltrim(?, '#'))";

    private static final int MOST_WORDS = 10;

    private final Jdbi jdbi;

    BuildSearch(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** What a build of this push is looked for by, as columns of its row. */
    static Map<String, String> columns(Push push) {
        String author = lower(Text.line(push.pusher().name(), 190));
        String branch = lower(push.branch());
        String words = String.join("\n", push.app().key(), branch, author, lower(push.message()));
        return Map.of("author", author, "branch", branch, "words", words);
    }

    /** The builds a query asks for, newest first. */
    List<Build> list(BuildQuery query) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> conditions = new ArrayList<>();
        BiConsumer<String, Object> require = (condition, value) -> {
            String name = "value" + values.size();
            conditions.add(condition.replace("?", ":" + name));
            values.put(name, value);
        };
        query.owner().ifPresent(owner -> require.accept("owner = ?", lower(owner)));
        query.app().ifPresent(app -> require.accept("app = ?", app.key()));
        query.state().ifPresent(state -> require.accept("state = ?", state));
        query.known().author().ifPresent(author -> require.accept("locate(?, author) > 0", lower(author)));
        query.known().branch().ifPresent(branch -> require.accept("branch = ?", lower(branch)));
        query.known().text().stream().flatMap(BuildSearch::words).forEach(word -> require.accept(WORD, word));
        query.before().ifPresent(before -> require.accept("id < ?", before));
        values.put("limit", query.limit());
        String where = conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions);
        return jdbi.withHandle(handle -> BuildRows.of(handle, where + " order by id desc limit :limit", values));
    }

    /** Those of these builds that there are. */
    List<Build> all(Collection<Long> ids) {
        return jdbi.withHandle(handle -> BuildRows.ofIds(handle, ids));
    }

    private static Stream<String> words(String text) {
        return Stream.of(lower(text).strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .limit(MOST_WORDS);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /**
     * The newest build of each of these apps that says how the app stands: one that was superseded or cancelled does not, nor does
     * any from before the app was removed.
     */
    List<Build> newest(Collection<AppName> apps) {
        Object[] keys = apps.stream().map(AppName::key).distinct().toArray();
        return jdbi.withHandle(handle -> {
            List<Long> ids = handle.createQuery(NEWEST)
                    .bindBySqlType("apps", keys, java.sql.Types.ARRAY)
                    .mapTo(Long.class)
                    .list();
            return BuildRows.ofIds(handle, ids);
        });
    }
}
