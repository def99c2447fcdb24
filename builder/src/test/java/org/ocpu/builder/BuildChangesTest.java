package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class BuildChangesTest extends QueueFixture {
    private final AtomicBoolean unreadable = new AtomicBoolean();
    private BuildChanges changes;

    /** What one listener heard, in order. */
    private static final class Heard implements BuildListener {
        final BlockingQueue<String> all = new LinkedBlockingQueue<>();

        @Override
        public void changed(BuildView build) {
            all.add(build.id() + " " + build.state().label());
        }

        @Override
        public void missed() {
            all.add("missed");
        }

        @Override
        public void end() {
            all.add("end");
        }
    }

    @BeforeEach
    void openChanges() {
        BuildSearch search = new BuildSearch(database.jdbi());
        changes = BuildChanges.open(ids -> {
            if (unreadable.get()) {
                throw new IllegalStateException("the database does not answer");
            }
            return search.all(ids).stream().map(build -> build.view("")).toList();
        });
    }

    @AfterEach
    void closeChanges() {
        changes.close();
    }

    private void tellAll() {
        changed.forEach(changes::changed);
        changed.clear();
    }

    @Test
    void eachChangeOfABuildIsToldAfterItCanBeRead() throws Exception {
        Heard heard = new Heard();
        changes.follow(heard);
        Build build = add("ada/app", 'a');
        for (Consumer<Long> change : List.<Consumer<Long>>of(
                id -> {},
                store::begin,
                id -> store.beginStage(id, Stage.CHECKOUT),
                id -> store.endStage(id, Stage.CHECKOUT, State.FAILED),
                id -> store.fail(id, new Build.Failure(Stage.CHECKOUT, "no")),
                id -> store.finish(id, State.FAILED))) {
            change.accept(build.id());
            assertEquals(List.of(build.id()), changed);
            tellAll();
            assertEquals(build.id() + " " + state(build.id()).label(), heard.all.take());
        }
        Build waiting = add("ada/app", 'b');
        changed.clear();
        store.cancelQueued(waiting.id());
        tellAll();
        assertEquals(waiting.id() + " cancelled", heard.all.take());
    }

    @Test
    void whoDoesNotListenAnyMoreHearsNothingAndAFaultyListenerHarmsNobody() throws Exception {
        Heard left = new Heard();
        Heard stays = new Heard();
        changes.follow(left).close();
        changes.follow(new BuildListener() {
            @Override
            public void changed(BuildView build) {
                throw new IllegalStateException("a fault");
            }

            @Override
            public void missed() {}

            @Override
            public void end() {}
        });
        changes.follow(stays);
        add("ada/app", 'a');
        tellAll();
        assertEquals("1 queued", stays.all.take());
        changes.close();
        assertEquals("end", stays.all.take());
        assertTrue(left.all.isEmpty(), left.all::toString);
    }

    @Test
    void whatCannotBeToldIsToldToBeMissed() throws Exception {
        Heard heard = new Heard();
        changes.follow(heard);
        Build build = add("ada/app", 'a');
        unreadable.set(true);
        tellAll();
        assertEquals("missed", heard.all.take());
        unreadable.set(false);
        changes.changed(build.id());
        assertEquals("1 queued", heard.all.take());
    }

    @Test
    void whoComesWhenItIsClosedIsToldSo() throws Exception {
        changes.close();
        Heard heard = new Heard();
        changes.follow(heard);
        assertEquals("end", heard.all.take());
    }
}
