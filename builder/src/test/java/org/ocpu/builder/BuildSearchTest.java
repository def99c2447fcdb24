package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BuildSearchTest extends QueueFixture {
    private BuildSearch search;

    @BeforeEach
    void open() {
        search = new BuildSearch(database.jdbi());
    }

    private Map<String, Long> newest(String... apps) {
        return search.newest(List.of(apps).stream().map(AppName::parse).toList()).stream()
                .collect(Collectors.toMap(build -> build.app().toString(), Build::id));
    }

    @Test
    void theNewestBuildOfAnAppIsOneThatSaysHowItStands() {
        Build live = add("ada/app", 'a');
        end(live, State.SUCCEEDED);
        end(add("ada/app", 'b'), State.CANCELLED);
        Build late = add("ada/app", 'c');
        store.supersedeQueued(late.id(), live.id());
        assertEquals(Map.of("ada/app", live.id()), newest("ada/app"));
        Build failed = add("ada/app", 'd');
        assertEquals(Map.of("ada/app", failed.id()), newest("ada/app"));
        end(failed, State.FAILED);
        assertEquals(Map.of("ada/app", failed.id()), newest("ada/app"));
        store.remove(new AppName("ada", "app"));
        assertEquals(Map.of(), newest("ada/app"));
    }

    @Test
    void thePreviewsAndPackagesOfARepositoryAreAppsOfTheirOwnAndCaseDoesNotMatter() {
        long app = add("Ada/App", 'a').id();
        long part = add("ada/app/part", 'a').id();
        long preview = add("ada/app@try", 'a').id();
        add("ada/another", 'a');
        assertEquals(
                Map.of("Ada/App", app, "ada/app/part", part, "ada/app@try", preview),
                newest("ada/app", "Ada/app", "ada/app/part", "ada/app@try", "ada/none"));
        assertEquals(Map.of(), newest());
    }

    /** That many at once do not cost a look at each of their builds. */
    @Test
    void ofManyAppsEachIsFoundInTheIndex() {
        List<String> apps =
                IntStream.range(0, 30).mapToObj(app -> "ada/app" + app).toList();
        for (int round = 0; round < 3; round++) {
            apps.forEach(app -> add(app, 'a'));
        }
        Map<String, Long> expected =
                apps.stream().collect(Collectors.toMap(app -> app, app -> 61L + apps.indexOf(app)));
        assertEquals(expected, newest(apps.toArray(String[]::new)));
        String plan = database.jdbi().withHandle(handle -> handle.createQuery("explain " + BuildSearch.NEWEST)
                .bindBySqlType("apps", new Object[] {"ada/app1"}, java.sql.Types.ARRAY)
                .mapTo(String.class)
                .one());
        assertEquals(true, plan.contains("BUILDS_TELLING_OF_APP") && plan.contains("index sorted"), plan);
    }

    @Test
    void listsWhatAQueryAsksFor() {
        Build a = add("Alice/one", 'a');
        Build b = add("alice/two", 'b');
        Build c = add("bob/one", 'c');
        end(b, State.FAILED);
        assertEquals(List.of(c.id(), b.id(), a.id()), ids(BuildQuery.newest(10)));
        assertEquals(List.of(b.id(), a.id()), ids(query("ALICE", null, null, 0)));
        assertEquals(List.of(a.id()), ids(query(null, "alice/ONE", null, 0)));
        assertEquals(List.of(b.id()), ids(query("alice", null, State.FAILED, 0)));
        assertEquals(List.of(a.id()), ids(query(null, null, null, b.id())));
    }

    private List<Long> ids(BuildQuery query) {
        return search.list(query).stream().map(Build::id).toList();
    }

    private static BuildQuery query(String owner, String app, State state, long before) {
        return new BuildQuery(
                Optional.ofNullable(owner),
                Optional.ofNullable(app).map(AppName::parse),
                Optional.ofNullable(state),
                before == 0 ? OptionalLong.empty() : OptionalLong.of(before),
                10);
    }
}
