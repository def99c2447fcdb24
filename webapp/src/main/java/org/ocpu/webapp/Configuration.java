package org.ocpu.webapp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.ocpu.app.AppConfig;
import org.ocpu.builder.BuilderConfig;
import org.ocpu.mailer.MailerConfig;

/**
 * All settings of a server and where each comes from.
 *
 * @param file what {@code ocpu.conf} says
 * @param overrides what the command line says, which wins
 * @param made what the server made for itself at its first start, and nobody set
 */
record Configuration(SettingsFile file, Map<String, String> overrides, Map<String, String> made) {
    private static final String WEBHOOK_SECRET = "webhook.secret";

    /** @throws IllegalArgumentException for a setting that is unknown */
    static Configuration of(DataDirectory data, Map<String, String> overrides) {
        SettingsFile file = data.settingsFile();
        Stream.concat(file.values().keySet().stream(), overrides.keySet().stream())
                .forEach(Configuration::check);
        boolean secretIsSet = file.values().containsKey(WEBHOOK_SECRET) || overrides.containsKey(WEBHOOK_SECRET);
        Map<String, String> made = secretIsSet ? Map.of() : Map.of(WEBHOOK_SECRET, data.secret());
        return new Configuration(file, Map.copyOf(overrides), made);
    }

    private static void check(String key) {
        Set<String> known = keys();
        if (!known.contains(key) && !BuilderConfig.knows(key) && !AccessRules.knows(key)) {
            known.addAll(BuilderConfig.namedKeys());
            known.addAll(AccessRules.namedKeys());
            throw new IllegalArgumentException("Unknown setting " + key + ". Known are: " + String.join(", ", known));
        }
    }

    /** All but those with a name in them that their author chooses. */
    static Set<String> keys() {
        Set<String> known = new TreeSet<>();
        Stream.of(
                        WebConfig.keys(),
                        HttpLimits.keys(),
                        AccessConfig.keys(),
                        AppConfig.keys(),
                        BuilderConfig.keys(),
                        MailerConfig.keys())
                .forEach(known::addAll);
        return known;
    }

    /** What is set, whoever set it; to be changed at will. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(made);
        settings.putAll(file.values());
        settings.putAll(overrides);
        return settings;
    }

    /**
     * Every setting, in the order of their names.
     *
     * @param inForce what the server found for itself, such as a free port, too
     */
    List<SettingView> views(Map<String, String> inForce) {
        Set<String> keys = keys();
        keys.addAll(settings().keySet());
        Map<String, String> values = values(inForce);
        return keys.stream().map(key -> view(key, values, inForce)).toList();
    }

    private SettingView view(String key, Map<String, String> values, Map<String, String> inForce) {
        boolean set = settings().containsKey(key);
        Optional<String> value = Optional.ofNullable(values.get(key)).or(() -> Optional.ofNullable(inForce.get(key)));
        Optional<String> usual = set ? without(key, inForce) : value;
        boolean fromFile = !overrides.containsKey(key) && file.lines().containsKey(key);
        return new SettingView(
                key,
                value.map(text -> SecretSettings.shown(key, text)),
                usual.map(text -> SecretSettings.shown(key, text)),
                fromFile ? "ocpu.conf" : origin(key),
                fromFile ? OptionalInt.of(file.lines().get(key)) : OptionalInt.empty(),
                SecretSettings.isSecret(key));
    }

    private String origin(String key) {
        return overrides.containsKey(key) ? "command line" : made.containsKey(key) ? "first start" : "default";
    }

    /** What would stand if nobody had set it; nothing where the others make no sense without it. */
    private static Optional<String> without(String key, Map<String, String> inForce) {
        Map<String, String> others = new HashMap<>(inForce);
        others.remove(key);
        try {
            return Optional.ofNullable(values(others).get(key));
        } catch (IllegalArgumentException needed) {
            return Optional.empty();
        }
    }

    /** What stands where that is set. */
    private static Map<String, String> values(Map<String, String> set) {
        Map<String, String> values = new HashMap<>(AppConfig.from(set).values());
        values.putAll(BuilderConfig.from(set).values());
        values.putAll(MailerConfig.from(set).values());
        values.putAll(HttpLimits.from(set).values());
        values.putAll(AccessConfig.from(set).values());
        values.putAll(WebConfig.from(set).values());
        return values;
    }
}
