package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BuildQueueTest extends QueueFixture {
    @Test
    void ownersTakeTurns() {
        for (int app = 0; app < 5; app++) {
            add("alice/app" + app, 'a');
        }
        add("bob/app", 'b');
        add("carol/app", 'c');
        BuildQueue queue = new BuildQueue(store, 1);
        List<String> order = new ArrayList<>();
        for (Optional<Build> next = queue.take(); next.isPresent(); next = queue.take()) {
            order.add(next.get().app().toString());
            store.finish(next.get().id(), State.SUCCEEDED);
            queue.done(next.get());
        }
        assertEquals(
                List.of("alice/app0", "bob/app", "carol/app", "alice/app1", "alice/app2", "alice/app3", "alice/app4"),
                order);
    }

    @Test
    void anOwnerDoesNotTakeAllThatMayRunAtOnce() {
        add("alice/one", 'a');
        add("alice/two", 'a');
        add("bob/app", 'b');
        BuildQueue queue = new BuildQueue(store, 2);
        assertEquals("alice/one", queue.take().orElseThrow().app().toString());
        assertEquals("bob/app", queue.take().orElseThrow().app().toString());
        assertEquals(Optional.empty(), queue.take());
    }

    @Test
    void oneBuildOfAnAppRunsAtATimeAndTheNewestComesFirst() {
        add("alice/app", 'a');
        BuildQueue queue = new BuildQueue(store, 4);
        Build first = queue.take().orElseThrow();
        Build second = add("Alice/App", 'b');
        Build third = add("alice/app", 'c');
        assertFalse(queue.more());
        assertEquals(Optional.empty(), queue.take());
        store.finish(first.id(), State.SUCCEEDED);
        queue.done(first);
        assertTrue(queue.more());
        assertEquals(third.id(), queue.take().orElseThrow().id());
        assertEquals(State.QUEUED, state(second.id()));
    }

    @Test
    void aBuildThatACrashInterruptedRunsOnceMoreButNotForEver() {
        Build build = add("alice/app", 'a');
        assertTrue(store.begin(build.id()));
        assertEquals(List.of(), store.requeueInterrupted());
        assertEquals(State.QUEUED, state(build.id()));
        assertEquals(2, store.build(build.id()).orElseThrow().attempts());
        assertTrue(store.begin(build.id()));
        store.requeueRunning(); // the server closed: not a crash
        assertEquals(2, store.build(build.id()).orElseThrow().attempts());
        assertTrue(store.begin(build.id()));
        assertEquals(
                List.of(build.id()),
                store.requeueInterrupted().stream().map(Build::id).toList());
    }

    @Test
    void whatACrashKeptFromGoingLiveComesFirstAndIsNotSuperseded() {
        Build half = add("alice/app", 'a');
        store.begin(half.id());
        store.publishing(half.id());
        store.requeueInterrupted();
        Build newer = add("alice/app", 'b');
        assertFalse(store.supersedeQueued(half.id(), newer.id()));
        assertEquals(half.id(), new BuildQueue(store, 1).take().orElseThrow().id());
        store.notPublishing(half.id());
        assertEquals(
                List.of(half.id()),
                store.requeueInterrupted().stream().map(Build::id).toList(),
                "it began anew, so a second crash ends it");
    }

    @Test
    void theBuildThatIsLiveIsNotForgotten() {
        Build live = add("alice/app", 'a');
        store.begin(live.id());
        store.published(live.id());
        store.finish(live.id(), State.SUCCEEDED);
        for (char commit : "bcd".toCharArray()) {
            end(add("alice/app", commit), State.FAILED);
        }
        assertEquals(2, store.forgetBeyond(AppName.parse("alice/app"), 1).size());
        assertEquals(1, store.hosted().size());
        store.remove(AppName.parse("alice/app"));
        assertTrue(store.removed(live.id()));
        assertEquals(2, store.forgetRemoved(Instant.now().plusSeconds(1)).size());
    }

    @Test
    void readsPushesThatTheFirstVersionOfThisServerStored() {
        Build build = add("Alice/App", 'a');
        assertTrue(store.build(build.id()).orElseThrow().push().open(), "as it was pushed");
        String old = "{\"app\":{\"owner\":\"Alice\",\"repo\":\"App\"},\"branch\":\"dev/x\",\"commit\":\""
                + "b".repeat(40) + "\",\"pusher\":{\"name\":\"pat\",\"email\":null},\"owner\":null,\"commits\":[],"
                + "\"wishes\":{\"sendMail\":true,\"mailOwner\":false}}";
        database.jdbi().useHandle(handle -> handle.execute("update builds set push = ? where id = ?", old, build.id()));
        Push push = store.build(build.id()).orElseThrow().push();
        assertEquals("Alice/App", push.app().toString());
        assertEquals("refs/heads/dev/x", push.ref());
        assertFalse(push.open(), "it did not say whether the repository is private");
        assertEquals(new Push.Wishes(true, Optional.of(false), RefPolicy.DEFAULT), push.wishes());
    }

    @Test
    void forgetsTheOldestFinishedBuildsOfAnApp() {
        List<Build> all = new ArrayList<>();
        for (char commit : "abcde".toCharArray()) {
            all.add(add("alice/app", commit));
            if (commit != 'a') {
                end(all.get(all.size() - 1), State.SUCCEEDED);
            }
        }
        Build other = add("bob/app", 'f');
        assertEquals(List.of(all.get(2).id(), all.get(1).id()), store.forgetBeyond(AppName.parse("alice/app"), 2));
        assertEquals(State.QUEUED, state(all.get(0).id()));
        assertEquals(State.QUEUED, state(other.id()));
    }
}
