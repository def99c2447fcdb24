package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class OfferedPackagesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final String FIRST = "/first/src/contrib/PACKAGES.gz";
    private static final String SECOND = "/second/src/contrib/PACKAGES.gz";

    @TempDir
    Path root;

    private final StopSignal stop = new StopSignal();
    private FileServer server;
    private List<URI> repositories;
    private OfferedPackages offered;

    @BeforeEach
    void open() throws IOException {
        server = new FileServer(Files.createDirectories(root.resolve("web")));
        repositories = List.of(server.url().resolve("/first"), server.url().resolve("/second"));
        offered = offered(HOUR);
    }

    @AfterEach
    void close() {
        offered.close();
        server.close();
    }

    private OfferedPackages offered(Duration pause) throws IOException {
        return new OfferedPackages("cran", repositories, store(), new OfferedPackages.Pauses(HOUR, pause, pause));
    }

    private IndexStore store() throws IOException {
        RepositoryFiles.Limits limits = new RepositoryFiles.Limits(HOUR, HOUR, HOUR, Duration.ofMillis(1), 1 << 20);
        return new IndexStore(root.resolve("index"), new RepositoryFiles("R/4", limits));
    }

    private void put(String path, String name) throws IOException {
        Path file = root.resolve("web" + path);
        Files.createDirectories(file.getParent());
        Files.write(file, FileServer.gzip("Package: %s\nVersion: 1.0\n".formatted(name)));
    }

    private Set<String> awaitNames() throws InterruptedException {
        while (offered.names().isEmpty()) {
            offered.await(Deadline.in(Duration.ofSeconds(20)));
        }
        return offered.names().orElseThrow();
    }

    @Test
    void askedOnceTheyAreNotAskedForEachRequest() throws Exception {
        put(FIRST, "one");
        put(SECOND, "two");
        assertEquals(Set.of("one", "two"), awaitNames());
        while (offered.pause().isEmpty()) {
            Thread.onSpinWait();
        }
        assertEquals(Optional.empty(), offered.trouble());
        assertEquals(2, server.requests().size());
    }

    @Test
    void afterAFailureThereIsAPauseWithItsReason() {
        offered.names();
        while (offered.pause().isEmpty()) {
            Thread.onSpinWait();
        }
        int asked = server.requests().size();
        for (int i = 0; i < 100; i++) {
            assertEquals(Optional.empty(), offered.names());
        }
        assertTrue(offered.pause().orElseThrow().compareTo(Duration.ofMinutes(59)) > 0);
        assertEquals(asked, server.requests().size());
        String trouble = offered.trouble().orElseThrow();
        assertTrue(trouble.startsWith(repositories.get(0).toString()), trouble);
    }

    @Test
    void thePauseGrowsToItsLongest() throws Exception {
        Duration shortest = Duration.ofMillis(50);
        OfferedPackages.Pauses pauses = new OfferedPackages.Pauses(HOUR, shortest, HOUR);
        offered = new OfferedPackages("cran", repositories, store(), pauses);
        for (int attempt = 0; attempt < 3; attempt++) {
            offered.names();
            while (offered.pause().isEmpty()) {
                Thread.onSpinWait();
            }
            offered.await(Deadline.in(HOUR));
        }
        offered.names();
        while (offered.pause().isEmpty()) {
            Thread.onSpinWait();
        }
        Duration fourth = offered.pause().orElseThrow();
        assertTrue(fourth.compareTo(shortest.multipliedBy(2)) > 0, fourth::toString);
    }

    @Test
    void whoWaitsLearnsWhatThereIsOnceTheRepositoriesAreUp() throws Exception {
        offered = offered(MOMENT);
        while (server.requests().size() < 5) { // the third attempt
            offered.names();
            offered.await(Deadline.in(MOMENT));
        }
        put(FIRST, "one");
        put(SECOND, "two");
        assertEquals(Set.of("one", "two"), awaitNames());
    }

    @Test
    void whatAnEarlierServerKeptIsOfferedOnlyWhenNoRepositoryIsMissing() throws Exception {
        put(FIRST, "one");
        store().fetch(repositories.get(0), stop);
        server.trouble(FIRST, FileServer.Trouble.silence());
        assertEquals(Optional.empty(), offered.names());
        server.awaitStall();
        assertEquals(Optional.empty(), offered.names(), "what the second one has is not known");
        offered.close();

        put(SECOND, "two");
        store().fetch(repositories.get(1), stop);
        offered = offered(HOUR);
        assertEquals(Set.of("one", "two"), awaitNames());
    }

    @Test
    void itsEndIsNotWaitedThrough() throws Exception {
        server.trouble(FIRST, FileServer.Trouble.silence());
        offered.names();
        server.awaitStall();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
            try {
                offered.await(Deadline.in(HOUR));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        offered.close();
        waiting.get(20, TimeUnit.SECONDS);
        assertEquals(Optional.empty(), offered.names());
    }
}
