package org.ocpu.builder;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The tables of builds and deliveries in a database of their own, without anything that builds. */
abstract class QueueFixture {
    @TempDir
    Path root;

    Database database;
    BuildStore store;
    DeliveryStore deliveries;

    /** The numbers of the builds that were told to have changed. */
    final List<Long> changed = new CopyOnWriteArrayList<>();

    @BeforeEach
    void openDatabase() {
        database = Database.open(root.resolve("db"), 4);
        store = new BuildStore(database.jdbi(), (handle, build) -> {}, changed::add);
        deliveries = new DeliveryStore(database.jdbi());
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    /** A waiting build of this commit, a hexadecimal digit. */
    Build add(String app, char commit) {
        return store.add(push(app, commit), OptionalLong.empty());
    }

    /** Runs a waiting build to this end. */
    void end(Build build, State state) {
        store.begin(build.id());
        store.finish(build.id(), state);
    }

    State state(long id) {
        return store.build(id).orElseThrow().state();
    }

    static Push push(String app, char commit) {
        return new Push(
                AppName.parse(app),
                "",
                "refs/heads/main",
                String.valueOf(commit).repeat(40),
                Optional.empty(),
                false,
                Optional.empty(),
                new Person("pat", Optional.empty()),
                Optional.empty(),
                List.of(),
                true,
                Push.Wishes.NONE);
    }
}
