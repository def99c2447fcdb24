package org.ocpu.app;

import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call's arguments as the client sent them; R interprets them (see {@code ocpu.worker}'s {@code arguments.R}).
 *
 * @param form argument names to R code, JSON values or session keys, in the order sent
 * @param json the text of a JSON object whose members are the arguments; then the form is empty
 */
public record Arguments(Map<String, String> form, Optional<String> json) {
    private static final Pattern KEY = Pattern.compile("(?<![A-Za-z0-9._])x0[0-9a-f]{8,64}(?![A-Za-z0-9._])");

    public static Arguments ofForm(Map<String, String> form) {
        return new Arguments(form, Optional.empty());
    }

    public static Arguments ofJson(String json) {
        return new Arguments(Map.of(), Optional.of(json));
    }

    /** Whatever looks like a session key in the form's values. */
    TreeSet<String> mentionedKeys() {
        TreeSet<String> keys = new TreeSet<>();
        for (String value : form.values()) {
            Matcher matcher = KEY.matcher(value);
            while (matcher.find()) {
                keys.add(matcher.group());
            }
        }
        return keys;
    }
}
