package org.ocpu.builder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What R found that an app needs beyond the server's packages, each after all that it needs itself.
 *
 * @param problems why it cannot be had, all of it
 */
record DependencyPlan(List<Item> items, List<String> problems, List<String> notes) {
    private static final Pattern LINE =
            Pattern.compile("([A-Za-z][A-Za-z0-9.]*)\t([0-9][0-9.-]{0,99})\t(url|remote)\t([^\t]+)\t([^\t]*)");

    /**
     * A package to install.
     *
     * @param id tells what is installed under the name: its version or commit, and a digest of where it is from and of what it was
     *     installed with, since it may hold code of that
     * @param remote which of the remotes it is; absent: it comes from {@code source}
     * @param needs the names of those of the plan that it needs, directly or not
     */
    record Item(
            String name,
            String version,
            String id,
            Optional<RemoteSources.Source> remote,
            String source,
            Set<String> needs) {

        @Override
        public String toString() {
            return name + " " + version;
        }
    }

    /** @param lines as {@code plan.R} writes them */
    static List<Item> items(List<String> lines, List<RemoteSources.Source> remotes) {
        Map<String, Item> all = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new BuilderException("the plan of dependencies has the line " + Text.line(line, 500));
            }
            all.put(parts.group(1), item(parts, all, remotes));
        }
        return List.copyOf(all.values());
    }

    private static Item item(Matcher parts, Map<String, Item> known, List<RemoteSources.Source> remotes) {
        String name = parts.group(1);
        Set<String> needs = new LinkedHashSet<>();
        List<String> madeWith = new ArrayList<>();
        for (String need : parts.group(5).split(",")) {
            Item item = known.get(need.replaceFirst("=.*", ""));
            if (item == null) {
                madeWith.add(need);
            } else {
                madeWith.add(item.name() + "=" + item.id());
                needs.addAll(item.needs());
                needs.add(item.name());
            }
        }
        Optional<RemoteSources.Source> remote = parts.group(3).equals("remote")
                ? Optional.of(remotes.get(Integer.parseInt(parts.group(4))))
                : Optional.empty();
        String source = parts.group(4);
        String from = remote.map(one -> one.entry().directory()).orElse(source.replace("/Archive/" + name + "/", "/"));
        String digest = Text.digest(from + "\n" + String.join("\n", madeWith));
        String id = remote.map(RemoteSources.Source::commit).orElse(parts.group(2)) + "-" + digest;
        return new Item(name, parts.group(2), id, remote, source, needs);
    }
}
