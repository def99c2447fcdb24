package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Makes what a worker is sent: the header's common members and the directory it works in. */
final class Requests {
    private final Path work;
    private final Libraries libraries;
    private final AtomicLong count = new AtomicLong();

    Requests(Path work, Libraries libraries) {
        this.work = work;
        this.libraries = libraries;
    }

    RequestDirectory open() {
        try {
            return new RequestDirectory(Files.createDirectory(work.resolve("r" + count.incrementAndGet())));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a working directory", e);
        }
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
