package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The directories that a command has for itself and that nobody reads after it: its home, its {@code /tmp} and its shared
 * memory, on disk so that they count.
 */
record Rooms(Path directory) implements AutoCloseable {

    /** Fresh ones in a build's directory. */
    static Rooms in(Path work) throws IOException {
        Rooms rooms = new Rooms(work.resolve("rooms"));
        Disk.delete(rooms.directory());
        for (Path room : rooms.all()) {
            Files.createDirectories(room);
        }
        return rooms;
    }

    Path home() {
        return directory.resolve("home");
    }

    Path temporary() {
        return directory.resolve("tmp");
    }

    Path shared() {
        return directory.resolve("shm");
    }

    List<Path> all() {
        return List.of(home(), temporary(), shared());
    }

    @Override
    public void close() {
        Disk.delete(directory);
    }
}
