package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerUsersTest {
    private static final AppConfig CONFIG = AppConfig.from(Map.of());

    @TempDir
    Path directory;

    private static String refusal(Path locks) {
        return assertThrows(IllegalArgumentException.class, () -> WorkerUsers.take(CONFIG, true, locks))
                .getMessage();
    }

    @Test
    void aServerThatIsRootDoesNotStartWithoutUsersForItsWorkers() throws IOException {
        Path locks = Files.createFile(directory.resolve("file")).resolve("locks");
        assertTrue(refusal(locks).contains(locks.toString()), refusal(locks));
        assertTrue(refusal(locks).contains("sandbox: off"), refusal(locks));
    }

    @Test
    void aServerThatIsRootDoesNotStartWhenOthersHaveAllUsers() {
        List<WorkerUsers> others = new ArrayList<>();
        try {
            String refusal = assertThrows(IllegalArgumentException.class, () -> {
                        for (int n = 0; n < 1_000; n++) {
                            others.add(WorkerUsers.take(CONFIG, true, directory));
                        }
                    })
                    .getMessage();
            assertTrue(refusal.contains("other servers"), refusal);
            assertFalse(others.isEmpty());
            long engines = others.stream()
                    .map(users -> users.take().first())
                    .distinct()
                    .count();
            assertEquals(others.size(), engines, "servers with the same users");
        } finally {
            others.forEach(WorkerUsers::close);
        }
    }

    @Test
    void thereAreUsersForAsManyEnginesAndWorkersAsCanBeSet() {
        AppConfig largest = AppConfig.from(Map.of("engines.max", "256", "workers.max", "512", "workers.idle", "64"));
        try (WorkerUsers users = WorkerUsers.take(largest, true, directory)) {
            UserPart first = users.take();
            assertTrue(first.count() > 512 + 64 + 256);
            UserPart last = first;
            for (int n = 0; n < 2 * largest.maxEngines(); n++) {
                UserPart next = users.take();
                assertEquals(last.first() + last.count(), next.first());
                last = next;
            }
            assertTrue(last.first() + last.count() <= first.first() + users.range());
        }
    }

    @Test
    void workersThatAreNotConfinedOrOfAnotherUserNeedNoUsers() throws IOException {
        Path locks = Files.createFile(directory.resolve("file")).resolve("locks");
        try (WorkerUsers users = WorkerUsers.take(CONFIG, false, locks)) {
            assertFalse(users.take().exist());
        }
        try (WorkerUsers users = WorkerUsers.take(AppConfig.from(Map.of("sandbox", "off")), true, locks)) {
            assertFalse(users.take().exist());
        }
    }
}
