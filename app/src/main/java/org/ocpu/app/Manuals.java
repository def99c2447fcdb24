package org.ocpu.app;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ocpu.app.rdata.RDataReader;
import org.ocpu.app.rdata.RString;

/** The topics of a package's manual and what else they are known as; R keeps them in {@code help/aliases.rds}. */
public final class Manuals {
    private final Map<String, String> topicByAlias;
    private final Set<String> topics;

    private Manuals(Map<String, String> topicByAlias) {
        this.topicByAlias = topicByAlias;
        this.topics = new HashSet<>(topicByAlias.values());
    }

    static Manuals of(PackageRef ref) {
        Path file = ref.directory().resolve("help").resolve("aliases.rds");
        Map<String, String> aliases = new TreeMap<>();
        if (Files.isRegularFile(file)) {
            RString topics = read(file);
            String[] names = topics.attributes()
                    .get("names")
                    .map(value -> ((RString) value).values())
                    .orElse(new String[0]);
            for (int i = 0; i < names.length; i++) {
                aliases.put(names[i], topics.values()[i]);
            }
        }
        return new Manuals(aliases);
    }

    private static RString read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return RDataReader.read(in) instanceof RString topics ? topics : RString.of();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the index of a package's manual", e);
        }
    }

    /** Names of the manual's pages. */
    public List<String> topics() {
        return topics.stream().sorted(ListOrder.INSTANCE).toList();
    }

    /** The page that describes what was asked for, an alias or a page itself. */
    public Optional<String> topic(String asked) {
        String topic = topicByAlias.get(asked);
        return topic == null && topics.contains(asked) ? Optional.of(asked) : Optional.ofNullable(topic);
    }

    /** An alias of a page, which R wants to be asked for: its own name if that is one. */
    public String alias(String topic) {
        if (topicByAlias.containsKey(topic)) {
            return topic;
        }
        return topicByAlias.entrySet().stream()
                .filter(alias -> alias.getValue().equals(topic))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(topic);
    }
}
