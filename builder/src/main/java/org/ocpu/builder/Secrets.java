package org.ocpu.builder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes secrets out of text that people will read: those in the settings, and whatever looks like one. */
final class Secrets {
    static final String HIDDEN = "***";

    /** Shorter ones would be found in every other word. */
    private static final int SHORTEST = 4;

    private static final List<Pattern> LOOKS = List.of(
            Pattern.compile("\\bgh[a-z]_[A-Za-z0-9]{10,}"),
            Pattern.compile("\\bgithub_pat_[A-Za-z0-9_]{10,}"),
            Pattern.compile("(?<=://)[^/\\s@:]*:[^/\\s@]+(?=@)"),
            Pattern.compile("(?i)(?<=\\bauthorization: )(?:(?:basic|bearer|token) )?\\S+"));

    private final List<String> known;

    private Secrets(List<String> known) {
        this.known = known;
    }

    static Secrets of(BuilderConfig config) {
        List<String> all = new ArrayList<>(config.github().tokens().values());
        config.secret().ifPresent(all::add);
        config.reports().notifySecret().ifPresent(all::add);
        return new Secrets(all.stream()
                .filter(secret -> secret.length() >= SHORTEST)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    /** The text with {@code ***} where a secret was. */
    String hide(String text) {
        String hidden = text;
        for (String secret : known) {
            hidden = hidden.replace(secret, HIDDEN);
        }
        for (Pattern look : LOOKS) {
            Matcher matcher = look.matcher(hidden);
            hidden = matcher.find() ? matcher.replaceAll(Matcher.quoteReplacement(HIDDEN)) : hidden;
        }
        return hidden;
    }
}
