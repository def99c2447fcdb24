package org.ocpu.webapp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ocpu.webapp.Outline.Argument;
import org.ocpu.webapp.Outline.Callable;
import org.ocpu.webapp.Outline.Given;

/**
 * A call of a function over HTTP as code to be pasted, in several languages, each with nothing but what comes with it. It brings the
 * value as JSON, or the plot of a function that draws.
 *
 * @param address of the function in the API, with the server's
 * @param file what a plot is saved as
 * @param given the arguments, R code each
 * @param draws whether the plot is wanted
 */
record Snippet(String address, String file, List<Given> given, boolean draws) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,15})?");
    private static final Pattern LITERAL =
            Pattern.compile("-?[0-9][0-9.eE+-]*L?|TRUE|FALSE|\"([^\"\\\\]|\\\\.)*\"", Pattern.DOTALL);
    private static final int MOST = 6;
    private static final int SHOWN = 2;

    /** Code in one language. */
    record Code(String language, String text) {}

    /**
     * @param base where the package is, with a slash at the end
     */
    static Snippet of(String base, Callable function) {
        String address = base + "R/" + UrlEncodedForm.segment(function.name()) + (function.draws() ? "/png" : "/json");
        String file = function.name().replaceAll("[^A-Za-z0-9._]", "_") + ".png";
        return new Snippet(address, file, given(function), function.draws());
    }

    /** What the first example gives, and what is required; or else a few that have a plain default. */
    static List<Given> given(Callable function) {
        List<String> accepted =
                function.arguments().stream().map(Argument::name).toList();
        List<Given> example = function.example().stream()
                .filter(given -> accepted.contains(given.name()) || accepted.contains("..."))
                .limit(MOST)
                .toList();
        List<String> names = example.stream().map(Given::name).toList();
        List<Given> needed = function.arguments().stream()
                .filter(argument -> argument.required() && !names.contains(argument.name()))
                .map(argument -> new Given(argument.name(), "1"))
                .toList();
        if (!example.isEmpty() || !needed.isEmpty()) {
            return Stream.concat(example.stream(), needed.stream()).toList();
        }
        return function.arguments().stream()
                .filter(argument ->
                        argument.standard().filter(LITERAL.asMatchPredicate()).isPresent())
                .limit(SHOWN)
                .map(argument -> new Given(argument.name(), argument.standard().orElseThrow()))
                .toList();
    }

    List<Code> all() {
        return List.of(
                new Code("curl", curl()),
                new Code("R", r()),
                new Code("Python", python()),
                new Code("JavaScript", script()));
    }

    private String curl() {
        String arguments = given.isEmpty()
                ? " -d ''"
                : given.stream()
                        .map(one -> " \\\n  --data-urlencode "
                                + inShell(UrlEncodedForm.segment(one.name()) + "=" + one.value()))
                        .collect(Collectors.joining());
        return "curl -sS " + inShell(address) + arguments + (draws ? " \\\n  -o " + inShell(file) : "");
    }

    /** R itself cannot post; curl is where R is, on all systems. */
    private String r() {
        Stream<String> arguments = given.isEmpty()
                ? Stream.of("\"-d\", shQuote(\"\")")
                : given.stream()
                        .map(one -> "\"--data-urlencode\", shQuote("
                                + inR(UrlEncodedForm.segment(one.name()) + "=" + one.value()) + ")");
        String words = Stream.concat(
                        Stream.of("\"-sS\", shQuote(" + inR(address) + ")"),
                        Stream.concat(arguments, draws ? Stream.of("\"-o\", " + inR(file)) : Stream.empty()))
                .collect(Collectors.joining(",\n  ", "\n  ", "\n"));
        return draws
                ? "system2(\"curl\", c(" + words + "))"
                : "answer <- system2(\"curl\", c(" + words + "), stdout = TRUE)\njsonlite::fromJSON(answer)";
    }

    private String python() {
        Optional<String> body = object("True", "False");
        String values = given.stream()
                .map(one -> text(one.name()) + ": " + text(one.value()))
                .collect(Collectors.joining(", ", "{", "}"));
        String data = body.isPresent()
                ? "    data=json.dumps(" + body.get() + ").encode(),\n"
                        + "    headers={\"Content-Type\": \"application/json\"},\n"
                : "    data=urllib.parse.urlencode(" + values + ").encode(),\n";
        String modules = Stream.of(
                        draws && body.isEmpty() ? "" : "json", body.isEmpty() ? "urllib.parse" : "", "urllib.request")
                .filter(module -> !module.isEmpty())
                .collect(Collectors.joining(", "));
        return "import " + modules + "\n\nrequest = urllib.request.Request(\n    " + text(address) + ",\n" + data
                + ")\nwith urllib.request.urlopen(request) as answer:\n    "
                + (draws ? "open(" + text(file) + ", \"wb\").write(answer.read())" : "print(json.load(answer))");
    }

    private String script() {
        Optional<String> body = object("true", "false");
        String values = given.stream()
                .map(one -> text(one.name()) + ": " + text(one.value()))
                .collect(Collectors.joining(", ", "{ ", " }"));
        String data = body.isPresent()
                ? "  headers: { \"Content-Type\": \"application/json\" },\n  body: JSON.stringify(" + body.get()
                        + "),\n"
                : "  body: new URLSearchParams(" + values + "),\n";
        return "const answer = await fetch(" + text(address) + ", {\n  method: \"POST\",\n" + data + "});\n"
                + (draws
                        ? "const picture = await answer.blob();\nconsole.log(picture.type, picture.size);"
                        : "console.log(await answer.json());");
    }

    /** The arguments as an object, which all languages write alike but for true and false; empty when they are R code. */
    private Optional<String> object(String yes, String no) {
        StringBuilder fields = new StringBuilder();
        for (Given one : given) {
            Optional<String> value = value(one.value(), yes, no);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            fields.append(fields.isEmpty() ? "" : ", ")
                    .append(text(one.name()))
                    .append(": ")
                    .append(value.get());
        }
        return Optional.of("{" + fields + "}");
    }

    private static Optional<String> value(String code, String yes, String no) {
        if (code.equals("TRUE") || code.equals("FALSE")) {
            return Optional.of(code.equals("TRUE") ? yes : no);
        }
        String plain = code.replaceFirst("(?<=[0-9])L$", "");
        if (NUMBER.matcher(plain).matches()) {
            return Optional.of(plain);
        }
        if (!code.startsWith("\"") || !LITERAL.matcher(code).matches()) {
            return Optional.empty();
        }
        try {
            JsonNode text = JSON.readTree(code);
            return Optional.of(text(text.asText()));
        } catch (JsonProcessingException otherEscapes) {
            return Optional.empty();
        }
    }

    /** The fragment by which the API's explorer shows this call. */
    String fragment(String root) {
        String path = address.substring(address.indexOf(root + "/", address.indexOf("//") + 2) + root.length() + 1);
        String arguments = given.stream()
                .map(one ->
                        "&name=" + UrlEncodedForm.encoded(one.name()) + "&value=" + UrlEncodedForm.encoded(one.value()))
                .collect(Collectors.joining());
        return "#method=POST&path=" + UrlEncodedForm.encoded(path).replace("%2F", "/") + arguments.replace("%2F", "/")
                + "&mode=pick";
    }

    private static String inShell(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static String inR(String text) {
        return text(text);
    }

    /** A string literal that JSON, Python, JavaScript and R read alike. */
    private static String text(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
