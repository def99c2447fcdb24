package org.ocpu.webapp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ocpu.builder.BuildQuery;

/**
 * Which builds the page of builds is asked for, as its address and its form tell.
 *
 * @param values by the names of the form's fields, those that are filled in
 * @param query what they mean
 */
record BuildFilter(Map<String, String> values, BuildQuery query) {
    /** What narrows the list. */
    static final List<String> NAMES = List.of("q", "state", "app", "owner", "author", "branch");

    /**
     * @throws org.ocpu.app.BadRequestException when a value means nothing, saying why
     */
    static BuildFilter of(Map<String, String> asked, int limit) {
        Map<String, String> values = filledIn(asked);
        Parameters query = new Parameters(values);
        String app = values.getOrDefault("app", "");
        boolean owner = !app.contains("/"); // or an owner alone, as one types
        return new BuildFilter(
                values,
                new BuildQuery(
                        owner && !app.isEmpty() ? Optional.of(app) : query.text("owner"),
                        owner ? Optional.empty() : query.app("app"),
                        query.state("state"),
                        BuildResource.known(query),
                        query.number("before"),
                        limit));
    }

    static Map<String, String> filledIn(Map<String, String> asked) {
        Map<String, String> values = new LinkedHashMap<>();
        asked.forEach((name, value) -> {
            String text = name.equals("app") ? value.strip().replaceAll("/+$", "") : value.strip();
            if (!text.isEmpty() && (NAMES.contains(name) || name.equals("before"))) {
                values.put(name, text);
            }
        });
        return values;
    }

    /** Whether it leaves anything out. */
    static boolean narrows(Map<String, String> values) {
        return NAMES.stream().anyMatch(values::containsKey);
    }

    /** The page of those of the same builds that came before this one; 0 for the newest. */
    static String address(Map<String, String> values, long before) {
        Map<String, String> all = new LinkedHashMap<>(values);
        all.remove("before");
        if (before > 0) {
            all.put("before", Long.toString(before));
        }
        return all.isEmpty()
                ? "/builds"
                : all.entrySet().stream()
                        .map(one -> one.getKey() + "=" + UrlEncodedForm.encoded(one.getValue()))
                        .collect(Collectors.joining("&", "/builds?", ""));
    }
}
