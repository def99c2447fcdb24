package org.ocpu.webapp;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.ocpu.builder.AppName;
import org.ocpu.webapp.WebConfig.Api;

/**
 * Which parts of the API are not for everybody: {@code auth.PART} for a part as {@code enable.api.PART} names them, and of apps
 * {@code auth.apps.OWNER} and {@code auth.apps.OWNER/REPO}, with its parts and previews. The closest setting counts alone; {@code none}
 * opens what a wider one closes.
 */
record AccessRules(Map<String, Optional<Readers>> byKey) {
    private static final String PREFIX = "auth.";
    private static final String APPS = "auth.apps";
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,38}");

    AccessRules {
        byKey = Map.copyOf(byKey);
    }

    /** @throws IllegalArgumentException that names a key whose value is bad */
    static AccessRules from(Map<String, String> settings) {
        Map<String, Optional<Readers>> rules = new HashMap<>();
        settings.forEach((key, value) -> {
            if (knows(key)) {
                Optional<Readers> readers = value.strip().equals("none")
                        ? Optional.empty()
                        : Optional.of(Readers.parse(key, value.strip()));
                if (rules.put(lower(key), readers) != null) {
                    throw new IllegalArgumentException(key + " is set twice: names of apps do not differ by case");
                }
            }
        });
        return new AccessRules(rules);
    }

    /** Whether a key is one of these, whose names are the admin's. */
    static boolean knows(String key) {
        if (!key.startsWith(PREFIX)) {
            return false;
        }
        if (key.startsWith(APPS + ".")) {
            return isName(key.substring(APPS.length() + 1));
        }
        return Set.of(Api.values()).stream().anyMatch(api -> key.equals(key(api)));
    }

    private static boolean isName(String name) {
        try {
            return OWNER.matcher(name).matches()
                    || AppName.parse(name).repository().equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** For people: what the keys look like. */
    static Set<String> namedKeys() {
        return Set.of("auth.PART", APPS + ".OWNER", APPS + ".OWNER/REPO");
    }

    static String key(Api api) {
        return api.key.replace("enable.api.", PREFIX);
    }

    /** Who may use a part; nothing when that is everybody. */
    Optional<Readers> of(Api part) {
        return byKey.getOrDefault(key(part), Optional.empty());
    }

    /**
     * Who may use an app.
     *
     * @param path below its owner's address: its repository, a part of it, a preview
     */
    Optional<Readers> ofApp(String owner, String path) {
        String repository = path.replaceFirst("[/@].*", "");
        for (String key : new String[] {APPS + "." + owner + "/" + repository, APPS + "." + owner}) {
            Optional<Readers> rule = byKey.get(lower(key));
            if (rule != null) {
                return rule;
            }
        }
        return of(Api.APPS);
    }

    /** The keys, in lower case, of those that do not let everybody use apps. */
    List<String> ofApps() {
        return byKey.entrySet().stream()
                .filter(rule ->
                        rule.getKey().startsWith(APPS) && rule.getValue().isPresent())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    Collection<Readers> all() {
        return byKey.values().stream().flatMap(Optional::stream).toList();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
