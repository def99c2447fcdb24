package org.ocpu.builder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

    /** Ends the processes that have this home: all that a command has started, unless it hides them on purpose. */
    void endInhabitants() {
        ProcessHandle.allProcesses().filter(this::livesHere).forEach(ProcessHandle::destroyForcibly);
    }

    private boolean livesHere(ProcessHandle process) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "environ"));
            return Arrays.asList(new String(environment, StandardCharsets.UTF_8).split("\0"))
                    .contains("HOME=" + home());
        } catch (IOException endedOrOfSomebodyElse) {
            return false;
        }
    }

    @Override
    public void close() {
        Disk.delete(directory);
    }
}
