package org.ocpu.app;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Something to be read from one version of a package or from one session, and how. What it names never changes, so that equal
 * readings have the same answer.
 *
 * @param operation what a worker is asked to do, see {@code ocpu.worker}'s {@code handle}
 * @param ref the package whose engine does it; absent for what every R can do
 * @param fields what the operation needs to know
 */
public record Reading(String operation, Optional<PackageRef> ref, Map<String, String> fields, Output output) {
    private static final Output PLAIN = new Output(Optional.empty(), Map.of(), false);

    public Reading {
        fields = Map.copyOf(fields);
    }

    /** An object that a package exports, a data set or an object of its namespace. */
    public static Reading object(PackageRef ref, String name, Output output) {
        return new Reading("object", Optional.of(ref), Map.of("source", "R", "object", name), output);
    }

    public static Reading dataSet(PackageRef ref, String name, Output output) {
        return new Reading("object", Optional.of(ref), Map.of("source", "data", "object", name), output);
    }

    /** Names of what a package exports, a line each. */
    public static Reading objects(PackageRef ref) {
        return new Reading("list", Optional.of(ref), Map.of("source", "R"), PLAIN);
    }

    /** Names of a package's data sets, a line each. */
    public static Reading dataSets(PackageRef ref) {
        return new Reading("list", Optional.of(ref), Map.of("source", "data"), PLAIN);
    }

    /** What {@code help(package = )} says of a package. */
    public static Reading description(PackageRef ref) {
        return new Reading("describe", Optional.of(ref), Map.of(), PLAIN);
    }

    /** What a package has, in brief, as JSON. */
    public static Reading outline(PackageRef ref) {
        return new Reading("outline", Optional.of(ref), Map.of("path", ref.place()), PLAIN);
    }

    /** The same with functions and data sets whole, each if there are not more than so many of them. */
    public static Reading outline(PackageRef ref, int whole) {
        Map<String, String> fields = Map.of("path", ref.place(), "whole", Integer.toString(whole));
        return new Reading("outline", Optional.of(ref), fields, PLAIN);
    }

    /**
     * One of those things whole.
     *
     * @param kind {@code function} or {@code data}
     */
    public static Reading outline(PackageRef ref, String kind, String name) {
        return new Reading("outline", Optional.of(ref), Map.of("path", ref.place(), kind, name), PLAIN);
    }

    /** A manual page as text, html, tex or pdf; the topic is any of its aliases. */
    public static Reading manual(PackageRef ref, String topic, String format) {
        return new Reading("man", Optional.of(ref), Map.of("topic", topic), PLAIN.in(format));
    }

    /** A page of R's own help system, by its name without {@code .html}. */
    public static Reading helpPage(PackageRef ref, String topic) {
        return new Reading("html", Optional.of(ref), Map.of("topic", topic), PLAIN);
    }

    /** An object that a session holds. */
    public static Reading object(Session session, String name, Output output) {
        return new Reading(
                "stored", session.madeBy(), stored(session, session.object(name).toString(), name), output);
    }

    /** A session's plot, by number from 1 or {@code last}. */
    public static Reading plot(Session session, String number, Output output) {
        int n = session.plotNumber(number);
        String name = session.key().value() + "_plot" + n;
        return new Reading(
                "stored", session.madeBy(), stored(session, session.plot(n).toString(), name), output);
    }

    /** What a call printed, such as {@code stdout}, as an R character vector in a format of objects. */
    public static Reading text(Session session, String text, Output output) {
        return new Reading(
                "text",
                session.madeBy(),
                Map.of("text", text, "session", session.directory().toString()),
                output);
    }

    /** R's {@code sessionInfo()} as the session's maker would see it. */
    public static Reading sessionInfo(Session session, Output output) {
        return new Reading(
                "info", session.madeBy(), Map.of("session", session.directory().toString()), output);
    }

    /** All objects of a session as {@code save()} writes them. */
    static Reading savedObjects(Session session) {
        return new Reading(
                "rdata", session.madeBy(), Map.of("session", session.directory().toString()), PLAIN);
    }

    private static Map<String, String> stored(Session session, String file, String name) {
        return Map.of(
                "stored", file, "object", name, "session", session.directory().toString());
    }

    /** The directory of the session that is read from. */
    Optional<Path> session() {
        return Optional.ofNullable(fields.get("session")).map(Path::of);
    }

    /** What the operation needs to know, with the session that is read brought to where the worker may read it. */
    Map<String, String> fields(RequestDirectory directory) {
        if (!fields.containsKey("session") || operation.equals("info")) {
            return fields;
        }
        boolean shown = operation.equals("stored");
        Path session = directory.bring(Path.of(fields.get("session")), shown);
        Map<String, String> brought = new HashMap<>(fields);
        brought.put("session", session.toString());
        if (shown) {
            Path file = Path.of(fields.get("stored")).getFileName();
            brought.put("stored", session.resolve(file).toString());
        }
        return brought;
    }

    /** Of the object that is read. */
    String name() {
        return fields.getOrDefault("object", fields.getOrDefault("text", operation));
    }

    /** The same, not to be answered with what is kept. */
    public Reading fresh() {
        return new Reading(operation, ref, fields, new Output(output.format(), output.options(), true));
    }

    /** What the answer is kept under: whether a client wants it fresh does not change it. */
    Reading kept() {
        return new Reading(operation, ref, fields, output.kept());
    }

    /** A weak entity tag (RFC 9110, section 8.8.3) that stays the same as long as what is read and the software that reads it. */
    String etag(String software) {
        String hash = new Digest()
                .add(software, operation, ref, new TreeMap<>(fields))
                .add(output.format(), new TreeMap<>(output.options()))
                .hex();
        return "W/\"" + hash + '"';
    }
}
