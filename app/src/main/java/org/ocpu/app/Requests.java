package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Makes what a worker is sent: the header's common members and the directory it works in. Directories that a request left clean are
 * used again, the oldest first and only when many are there: making and removing them costs the file system more than the rest of a
 * short call's files, and by then whatever the last worker had started is long killed. Thread-safe.
 */
final class Requests {
    private static final int SPARE = 64;

    private final Path data;
    private final Path work;
    private final Pattern inWorkingDirectory;
    private final Libraries libraries;
    private final AtomicLong count = new AtomicLong();
    private final Queue<Path> clean = new ConcurrentLinkedQueue<>();
    private final AtomicInteger cleanCount = new AtomicInteger();

    /**
     * @param data the server's data directory, which clients are not to know
     * @param work where the directories are made
     */
    Requests(Path data, Path work, Libraries libraries) {
        this.data = data;
        this.work = work;
        this.inWorkingDirectory = Pattern.compile(Pattern.quote(work.toString()) + "/r[0-9]+/(tmp/|session/files/)?");
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

    /** A request without a package's code. */
    ObjectNode header(String operation, RequestDirectory directory) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("operation", operation)
                .put("directory", directory.path().toString());
    }

    /** A request to a worker of that package; without one, for what every R can do. */
    ObjectNode header(String operation, RequestDirectory directory, Optional<PackageRef> ref) {
        ObjectNode request = header(operation, directory)
                .put("package", ref.map(PackageRef::name).orElse("base"));
        put(request, ref.map(libraries::searchedBy).orElseGet(libraries::global));
        return request;
    }

    private static void put(ObjectNode request, List<Path> paths) {
        ArrayNode array = request.putArray("libraries");
        paths.forEach(path -> array.add(path.toString()));
    }

    static void output(ObjectNode request, Output wanted) {
        Output output = JavaFormat.asked(wanted);
        output.format().ifPresent(format -> request.put("format", format));
        ObjectNode options = request.putObject("options");
        output.options().forEach(options::put);
    }

    /** Why the worker did not do what it was asked for; paths of this server stay here. */
    RpcException failure(Reply reply, Optional<SessionKey> session) {
        String message = reply.error().orElse("R gave no reason.");
        message = inWorkingDirectory.matcher(message).replaceAll("").replace(data.toString(), "");
        return switch (reply.status()) {
            case 404 -> new NotFoundException(message);
            case 400 -> new CallFailedException(message, session);
            case 501 -> new NotAvailableException(message);
            default -> new EngineException(message);
        };
    }
}
