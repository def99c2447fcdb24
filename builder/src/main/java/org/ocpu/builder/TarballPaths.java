package org.ocpu.builder;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The paths in a package's archive, in their order, each refused if unpacking it could reach out of the package's own directory.
 *
 * <p>INVARIANT: no directory on a path is a link, so that a link's {@code ..} at the beginning of its target means what it says;
 * it may have none further on, where it would mean the parent of whatever is there.
 */
final class TarballPaths {
    private static final int LONGEST = 1_000;
    private static final int MOST_DIRECTORIES = 20_000;

    private final String name;
    private final Set<String> directories = new HashSet<>();
    private final Set<String> links = new HashSet<>();

    /** @param name of the package and so of its directory */
    TarballPaths(String name) {
        this.name = name;
    }

    static BuildFailure refused(String name, String reason) {
        return new BuildFailure("%s is not unpacked: %s".formatted(name, reason));
    }

    /** Its path without what says nothing, as those of the others. */
    String file(String path) {
        List<String> steps = inside(path);
        if (steps.size() == 1) {
            throw refused("%s is not a directory".formatted(shown(path)));
        }
        enter(steps.subList(0, steps.size() - 1), path);
        return String.join("/", steps);
    }

    String directory(String path) {
        List<String> steps = steps(path);
        if (steps.isEmpty() && !path.startsWith("/")) {
            return ""; // the archive's own top
        }
        enter(inside(path), path);
        return String.join("/", steps);
    }

    String symbolicLink(String path, String target) {
        String link = file(path);
        List<String> to = steps(target);
        int up = 0;
        while (up < to.size() && to.get(up).equals("..")) {
            up++;
        }
        // the link's own name is a step, and so is the package's, which it may go up to
        if (target.startsWith("/")
                || target.length() > LONGEST
                || up > steps(link).size() - 2
                || to.subList(up, to.size()).contains("..")) {
            throw refused("the link %s may lead out of %s/: %s".formatted(shown(path), name, shown(target)));
        }
        if (directories.contains(link)) {
            throw refused("the link %s is a directory, too".formatted(shown(path)));
        }
        links.add(link);
        return link;
    }

    String hardLink(String path, String target) {
        String link = file(path);
        String to = file(target);
        if (links.contains(to)) {
            throw refused("the link %s is one to a link: %s".formatted(shown(path), shown(target)));
        }
        return link;
    }

    private List<String> inside(String path) {
        List<String> steps = steps(path);
        if (path.length() > LONGEST) {
            throw refused("a name is longer than %d characters: %s".formatted(LONGEST, shown(path)));
        }
        if (path.startsWith("/")
                || path.indexOf('\0') >= 0
                || steps.contains("..")
                || steps.isEmpty()
                || !steps.get(0).equals(name)) {
            throw refused("%s is not in %s/".formatted(shown(path), name));
        }
        return steps;
    }

    /** Goes down a directory's path. */
    private void enter(List<String> steps, String path) {
        StringBuilder walked = new StringBuilder();
        for (String step : steps) {
            walked.append(walked.isEmpty() ? "" : "/").append(step);
            String directory = walked.toString();
            if (links.contains(directory)) {
                throw refused("%s is within a link".formatted(shown(path)));
            }
            directories.add(directory);
        }
        if (directories.size() > MOST_DIRECTORIES) {
            throw refused("it has more than %d directories".formatted(MOST_DIRECTORIES));
        }
    }

    private static List<String> steps(String path) {
        List<String> steps = new ArrayList<>();
        for (String step : path.split("/")) {
            if (!step.isEmpty() && !step.equals(".")) {
                steps.add(step);
            }
        }
        return steps;
    }

    private BuildFailure refused(String reason) {
        return refused(name, reason);
    }

    private static String shown(String path) {
        return Text.line(path, 200);
    }
}
