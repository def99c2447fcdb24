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
import org.ocpu.builder.BuildQuery.KnownBy;

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

    @Test
    void whatPeopleKnowABuildByFindsIt() {
        long one = named("ada/stocks", "refs/heads/main", 'a', "Grace Hopper", "Fix 100% of the PLOTS_")
                .id();
        long other = named("bob/maps@try", "refs/heads/feature/Zoom", 'b', "bob", "Zoom further")
                .id();
        assertEquals(List.of(one), ids(text("plots_")));
        assertEquals(List.of(one), ids(text("100% grace")));
        assertEquals(List.of(), ids(text("100% zoom")), "each word is to be in it");
        assertEquals(List.of(), ids(text("10_% %")), "no word is a pattern");
        assertEquals(List.of(other), ids(text("bbbbbbb")));
        assertEquals(List.of(), ids(text("stocksmain")), "what a word is part of ends");
        assertEquals(List.of(other), ids(text("#" + other)));
        assertEquals(List.of(other), ids(text(" Maps@TRY ")));
        assertEquals(List.of(other, one), ids(text("  ")));
        assertEquals(List.of(one), ids(known(new KnownBy(Optional.of("HOPPER"), Optional.empty(), Optional.empty()))));
        assertEquals(
                List.of(other),
                ids(known(new KnownBy(Optional.empty(), Optional.of("feature/zoom"), Optional.empty()))));
        assertEquals(List.of(), ids(known(new KnownBy(Optional.empty(), Optional.of("zoom"), Optional.empty()))));
    }

    @Test
    void buildsFromBeforeTheirWordsWereKeptAreFoundToo() throws Exception {
        long one = named("ada/stocks", "refs/heads/main", 'a', "Grace", "Plot").id();
        database.jdbi().useHandle(handle -> {
            handle.execute("alter table builds drop column author, branch, words");
            handle.execute("delete from \"flyway_schema_history\" where \"version\" in ('6', '6.1')");
        });
        database.close();
        database = Database.open(root.resolve("db"), 4);
        search = new BuildSearch(database.jdbi());
        assertEquals(List.of(one), ids(text("plot grace main")));
    }

    private Build named(String app, String ref, char commit, String pusher, String message) {
        String id = String.valueOf(commit).repeat(40);
        PushedCommit head = new PushedCommit(id, message + "\n\nmore", pusher);
        Push push = new Push(
                AppName.parse(app),
                "",
                ref,
                id,
                Optional.empty(),
                false,
                Optional.empty(),
                new Person(pusher, Optional.empty()),
                Optional.empty(),
                List.of(head),
                true,
                Push.Wishes.NONE);
        return store.add(push, OptionalLong.empty());
    }

    private static BuildQuery text(String text) {
        return known(new KnownBy(Optional.empty(), Optional.empty(), Optional.of(text)));
    }

    private static BuildQuery known(KnownBy known) {
        return new BuildQuery(Optional.empty(), Optional.empty(), Optional.empty(), known, OptionalLong.empty(), 10);
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
