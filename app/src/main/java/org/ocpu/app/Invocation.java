package org.ocpu.app;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A function to call or a script to run, with what, and how to answer. What it names never changes, so that equal invocations may
 * share a session.
 *
 * @param operation {@code call} or {@code script}
 * @param ref the package whose engine does it; absent for what every R can do
 * @param maker the package that the session is said to be made by
 * @param fields what the operation needs to know
 */
record Invocation(
        String operation,
        Optional<PackageRef> ref,
        PackageRef maker,
        Map<String, String> fields,
        Arguments arguments,
        Output output) {

    static Invocation function(PackageRef ref, String name, Arguments arguments, Output output) {
        return new Invocation("call", Optional.of(ref), ref, Map.of("object", name), arguments, output);
    }

    /** A function that a session holds. */
    static Invocation function(Session session, String name, PackageRef maker, Arguments arguments, Output output) {
        Map<String, String> fields =
                Map.of("object", name, "stored", session.object(name).toString());
        return new Invocation("call", session.madeBy(), maker, fields, arguments, output);
    }

    /** A script, whose kind its name tells. */
    static Invocation script(
            Optional<PackageRef> ref, PackageRef maker, Path file, Arguments arguments, Output output) {
        return new Invocation("script", ref, maker, script(file), arguments, output);
    }

    /** A script that a session holds. */
    static Invocation script(Session session, PackageRef maker, Path file, Arguments arguments, Output output) {
        Map<String, String> fields = new HashMap<>(script(file));
        fields.put("session", session.directory().toString());
        return new Invocation("script", session.madeBy(), maker, fields, arguments, output);
    }

    private static Map<String, String> script(Path file) {
        return Map.of("file", file.toString(), "name", file.getFileName().toString());
    }

    /** What the operation needs to know, with what is read of a session brought to where the worker may read it. */
    Map<String, String> fields(RequestDirectory directory) {
        Map<String, String> brought = new HashMap<>(fields);
        if (fields.containsKey("stored")) {
            Path stored = Path.of(fields.get("stored"));
            Path session = directory.bring(stored.getParent(), false);
            brought.put("stored", session.resolve(stored.getFileName()).toString());
        }
        if (fields.containsKey("file")) {
            brought.put("file", script(directory).toString());
            brought.remove("session");
        }
        return brought;
    }

    private Path script(RequestDirectory directory) {
        Path file = Path.of(fields.get("file"));
        if (!fields.containsKey("session")) {
            directory.mayRead(List.of(file.getParent()));
            return file;
        }
        Path session = Path.of(fields.get("session"));
        return directory.bring(session, true).resolve(session.relativize(file));
    }

    /** Of the function or script. */
    String name() {
        return fields.getOrDefault("object", fields.get("name"));
    }

    /** The same for equal invocations, and for no others. */
    String digest() {
        return new Digest()
                .add(operation, ref, maker, new TreeMap<>(fields), output.format(), new TreeMap<>(output.options()))
                .add(arguments)
                .hex();
    }
}
