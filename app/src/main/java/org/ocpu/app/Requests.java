package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes what a worker is sent, and errors of what it answers. Thread-safe. */
final class Requests {
    private final Path data;
    private final Pattern inWorkingDirectory;
    private final Libraries libraries;

    /**
     * @param data the server's data directory, which clients are not to know
     * @param work where the directories of engines are
     * @param boxes where the boxes of their workers are
     */
    Requests(Path data, Path work, Path boxes, Libraries libraries) {
        this.data = data;
        this.inWorkingDirectory = Pattern.compile("(" + Pattern.quote(work.toString()) + "|"
                + Pattern.quote(boxes.toString()) + ")/[a-z][0-9]+/r[0-9]+/(in/|tmp/|session/files/)?");
        this.libraries = libraries;
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
        put(request, "libraries", ref.map(libraries::searchedBy).orElseGet(libraries::global));
        return request;
    }

    /** Adds an array of texts. */
    static void put(ObjectNode request, String name, List<?> texts) {
        ArrayNode array = request.putArray(name);
        texts.forEach(text -> array.add(text.toString()));
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
