package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a package has, as its outline in the JSON API tells; of many functions and data sets only in brief. */
record Outline(List<Callable> functions, List<Table> data, List<String> objects) {
    /**
     * A function.
     *
     * @param topic its manual page
     * @param whole whether all is known that follows
     * @param example arguments that a call can be made with as they are
     */
    record Callable(
            String name,
            Optional<String> title,
            Optional<String> topic,
            List<Argument> arguments,
            boolean whole,
            Optional<String> usage,
            Optional<String> description,
            Optional<String> value,
            List<Given> example,
            boolean draws) {}

    /**
     * An argument of a function.
     *
     * @param standard R code of its default
     * @param choices the only values it takes, if that is known
     */
    record Argument(
            String name,
            Optional<String> standard,
            boolean required,
            Optional<String> description,
            List<String> choices) {}

    /** @param value R code */
    record Given(String name, String value) {}

    /**
     * A data set.
     *
     * @param kind its class in R
     * @param columns absent for what is no table, whose rows are its elements
     * @param head absent for what has no rows, or is known in brief only
     */
    record Table(
            String name,
            Optional<String> title,
            Optional<String> topic,
            Optional<String> description,
            Optional<String> kind,
            Optional<Long> rows,
            Optional<Long> columns,
            Optional<Head> head) {}

    /**
     * The first rows.
     *
     * @param names of the rows; none where they have none
     * @param rows their cells; absent for what R does not know
     */
    record Head(List<Given> columns, List<String> names, List<List<Optional<String>>> rows) {}

    /** The same with one function whole. */
    Outline with(Callable function) {
        return new Outline(
                functions.stream()
                        .map(one -> one.name().equals(function.name()) ? function : one)
                        .toList(),
                data,
                objects);
    }

    static Outline of(JsonNode json) {
        return new Outline(
                list(json.path("functions"), Outline::callable),
                list(json.path("data"), Outline::table),
                list(json.path("objects"), object -> object.path("name").asText()));
    }

    static Callable callable(JsonNode json) {
        return new Callable(
                json.path("name").asText(),
                text(json, "title"),
                text(json, "topic"),
                list(json.path("arguments"), Outline::argument),
                json.has("usage"),
                text(json, "usage"),
                text(json, "description"),
                text(json, "value"),
                list(
                        json.path("example"),
                        given -> new Given(
                                given.path("name").asText(), given.path("value").asText())),
                json.path("draws").asBoolean());
    }

    private static Argument argument(JsonNode json) {
        String name = json.path("name").asText();
        boolean likely = json.path("default").isNull() && !name.equals("...");
        return new Argument(
                name,
                text(json, "default"),
                json.path("required").asBoolean(likely),
                text(json, "description"),
                list(json.path("choices"), JsonNode::asText));
    }

    private static Table table(JsonNode json) {
        return new Table(
                json.path("name").asText(),
                text(json, "title"),
                text(json, "topic"),
                text(json, "description"),
                text(json, "class"),
                number(json, "rows"),
                number(json, "columns"),
                Optional.of(json.path("head")).filter(JsonNode::isObject).map(Outline::head));
    }

    private static Head head(JsonNode json) {
        return new Head(
                list(
                        json.path("columns"),
                        column -> new Given(
                                column.path("name").asText(),
                                column.path("class").asText())),
                list(json.path("names"), JsonNode::asText),
                list(json.path("rows"), row -> list(row, cell -> Optional.ofNullable(cell.textValue()))));
    }

    private static Optional<String> text(JsonNode json, String name) {
        return Optional.ofNullable(json.path(name).textValue()).filter(text -> !text.isBlank());
    }

    private static Optional<Long> number(JsonNode json, String name) {
        return Optional.of(json.path(name)).filter(JsonNode::isNumber).map(JsonNode::asLong);
    }

    private static <T> List<T> list(JsonNode json, Function<JsonNode, T> each) {
        List<T> found = new ArrayList<>();
        json.forEach(one -> found.add(each.apply(one)));
        return List.copyOf(found);
    }
}
