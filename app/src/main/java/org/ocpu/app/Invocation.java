package org.ocpu.app;

import java.nio.file.Path;
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
        Map<String, String> fields =
                Map.of("file", file.toString(), "name", file.getFileName().toString());
        return new Invocation("script", ref, maker, fields, arguments, output);
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
