package org.ocpu.builder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the address of a repository's webhook asks for, by its query parameters: a fixed list, so that a misspelt one is told.
 *
 * @param directories where the repository's packages are ({@code subdir}); one that is empty: at its root
 */
record Hook(Push.Wishes wishes, List<String> directories) {
    private static final Set<String> PARAMETERS = Set.of("sendmail", "mail_owner", "subdir", "ref");

    Hook {
        directories = List.copyOf(directories);
    }

    /** @throws UnusableDelivery for a parameter that is unknown or means nothing */
    static Hook read(Map<String, String> query) {
        Set<String> unknown = new TreeSet<>(query.keySet());
        unknown.removeAll(PARAMETERS);
        if (!unknown.isEmpty()) {
            throw new UnusableDelivery(
                    400,
                    "unknown parameter of the webhook: %s (known are %s)"
                            .formatted(
                                    Text.line(String.join(", ", unknown), 200),
                                    String.join(", ", new TreeSet<>(PARAMETERS))));
        }
        Push.Wishes wishes = new Push.Wishes(
                flag(query, "sendmail").orElse(true),
                flag(query, "mail_owner"),
                new RefPolicy(query.getOrDefault("ref", "").strip()));
        return new Hook(wishes, directories(query.getOrDefault("subdir", "")));
    }

    /** One package is the app itself; each of several is a part of it, named like its directory. */
    AppName app(AppName repository, String directory) {
        return directories.size() == 1 ? repository : repository.withPart(name(directory));
    }

    private static List<String> directories(String subdir) {
        List<String> all = Arrays.stream(subdir.split(",", -1))
                .map(directory -> directory.strip().replaceAll("^(\\./+)*/*|/+$", ""))
                .toList();
        Set<String> names = new HashSet<>();
        List<String> twice = new ArrayList<>(all);
        twice.removeIf(directory -> names.add(name(directory)));
        if (!twice.isEmpty()) {
            throw new UnusableDelivery(
                    400, "subdir names two directories of the same name: " + Text.line(String.join(", ", twice), 200));
        }
        if (all.size() > 1 && all.contains("")) {
            throw new UnusableDelivery(400, "subdir has an empty name among others: " + Text.line(subdir, 200));
        }
        return all;
    }

    private static String name(String directory) {
        return directory.substring(directory.lastIndexOf('/') + 1);
    }

    private static Optional<Boolean> flag(Map<String, String> query, String parameter) {
        String value = query.get(parameter);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.equals("true") && !value.equals("false")) {
            throw new UnusableDelivery(400, parameter + " must be true or false, is " + Text.line(value, 50));
        }
        return Optional.of(value.equals("true"));
    }
}
