package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes what a worker is sent: the header's common members and the directory it works in. Directories that a request left clean are
 * used again, the oldest first and only when many are there: making and removing them costs the file system more than the rest of a
 * short call's files, and by then whatever the last worker had started is long killed. Thread-safe.
 */
final class Requests {
    private static final int SPARE = 64;

    private final Path work;
    private final Libraries libraries;
    private final AtomicLong count = new AtomicLong();
    private final Queue<Path> clean = new ConcurrentLinkedQueue<>();
    private final AtomicInteger cleanCount = new AtomicInteger();

    Requests(Path work, Libraries libraries) {
        this.work = work;
        this.libraries = libraries;
    }

    RequestDirectory open() {
        return new RequestDirectory(reused(), clean -> {
            this.clean.add(clean);
            cleanCount.incrementAndGet();
        });
    }

    private Path reused() {
        if (cleanCount.decrementAndGet() >= SPARE) {
            return clean.remove();
        }
        cleanCount.incrementAndGet();
        return RequestDirectory.made(work.resolve("r" + count.incrementAndGet()));
    }

    ObjectNode header(String operation, RequestDirectory directory) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("operation", operation)
                .put("directory", directory.path().toString());
    }

    void libraries(ObjectNode request, PackageRef ref) {
        put(request, libraries.searchedBy(ref));
    }

    void globalLibraries(ObjectNode request) {
        put(request, libraries.global());
    }

    private static void put(ObjectNode request, List<Path> paths) {
        ArrayNode array = request.putArray("libraries");
        paths.forEach(path -> array.add(path.toString()));
    }
}
