package org.ocpu.builder;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    private final Jdbi jdbi;

    BuildSearch(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The builds a query asks for, newest first. */
    List<Build> list(BuildQuery query) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> conditions = new ArrayList<>();
        query.owner().ifPresent(owner -> {
            conditions.add("owner = :owner");
            values.put("owner", owner.toLowerCase(Locale.ROOT));
        });
        query.app().ifPresent(app -> {
            conditions.add("app = :app");
            values.put("app", app.key());
        });
        query.state().ifPresent(state -> {
            conditions.add("state = :state");
            values.put("state", state);
        });
        query.before().ifPresent(before -> {
            conditions.add("id < :before");
            values.put("before", before);
        });
        values.put("limit", query.limit());
        String where = conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions);
        return jdbi.withHandle(handle -> BuildRows.of(handle, where + " order by id desc limit :limit", values));
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
            return ids.isEmpty() ? List.of() : BuildRows.ofIds(handle, ids);
        });
    }
}
