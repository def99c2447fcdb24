package org.ocpu.builder;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fetches the repositories that a package names in {@code Remotes}, and those that they name, outside of the sandbox, since it
 * may take a token. One use: {@link #call}.
 */
final class RemoteSources {
    private static final int MOST = 50;

    private final BuildRun run;
    private final Remotes remotes;
    private final List<Source> sources = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final Deque<RemoteEntry> waiting = new ArrayDeque<>();
    private final Set<RemoteEntry> seen = new HashSet<>();
    private int tried;

    /** A package's source from a repository. */
    record Source(RemoteEntry entry, Path directory, String commit, Map<String, String> fields) {}

    /**
     * @param sources those of the package itself first
     * @param refused packages that could not be had, as far as their names are known
     */
    record Found(List<Source> sources, List<String> problems, List<String> refused) {}

    RemoteSources(BuildRun run, Remotes remotes) {
        this.run = run;
        this.remotes = remotes;
    }

    Found call(Map<String, String> description) {
        add(description);
        while (!waiting.isEmpty()) {
            run.stop().check();
            RemoteEntry entry = waiting.remove();
            if (seen.size() > MOST) {
                problems.add("Remotes: more than " + MOST + " repositories");
                break;
            }
            fetch(entry);
        }
        return new Found(sources, problems, refused);
    }

    private void add(Map<String, String> description) {
        for (String text : RemoteEntry.split(description.getOrDefault("Remotes", ""))) {
            try {
                RemoteEntry entry = RemoteEntry.parse(text);
                if (seen.add(entry)) {
                    waiting.add(entry);
                }
            } catch (BuildFailure e) {
                problems.add(e.getMessage());
            }
        }
    }

    private void fetch(RemoteEntry entry) {
        try {
            Path into = run.work().resolve("remotes").resolve(Integer.toString(++tried));
            String commit = remotes.fetch(entry.owner(), entry.repo(), entry.ref(), into);
            Path directory = into.resolve(entry.directory());
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new BuildFailure("it has no directory " + entry.directory());
            }
            new BuildIgnore(directory).call();
            Description about = Description.read(directory);
            run.log()
                    .line(
                            Stage.DEPENDENCIES,
                            "remote %s/%s: %s %s, commit %s"
                                    .formatted(entry.owner(), entry.repo(), about.name(), about.version(), commit));
            Map<String, String> fields = Description.fieldsOf(directory);
            sources.add(new Source(entry, directory, commit, fields));
            add(fields);
        } catch (BuildFailure e) {
            if (run.deadline().passed()) {
                throw e;
            }
            problems.add("the remote %s/%s: %s".formatted(entry.owner(), entry.repo(), e.getMessage()));
            refused.add(entry.name());
        }
    }
}
