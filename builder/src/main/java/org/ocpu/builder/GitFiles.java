package org.ocpu.builder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.BlobBasedConfig;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Writes the files of one commit into a directory, with those of its submodules. One use: {@link #write} or {@link #fetch}.
 *
 * <p>Files are written from git's tree as they are: no hooks and filters. A symbolic link must stay inside the directory, and
 * there are {@link GitLimits}.
 */
final class GitFiles {
    private static final int LARGEST_LINK = 4_096;
    private static final int LARGEST_POINTER = 1_024;
    private static final int LARGEST_MODULES = 1 << 20;
    private static final int DEEPEST = 5;
    private static final int MOST_SUBMODULES = 100;
    private static final int MOST_NAMED = 20;
    private static final String POINTER = "version https://git-lfs.github.com/spec/";
    private static final List<String> EVERYTHING = List.of("refs/heads/*", "refs/tags/*");

    /**
     * @param target where the files go
     * @param scratch a directory for the repositories they come from
     */
    record Work(Path target, Path scratch, Patience patience, Consumer<String> log) {}

    /** One repository among others that are inside each other. */
    private record Level(GitRemote remote, String prefix, int depth) {}

    private final BuilderConfig.GitHub github;
    private final GitLimits limits;
    private final Work work;
    private final Map<Path, String> links = new LinkedHashMap<>();
    private final List<String> tooLarge = new ArrayList<>();
    private final List<String> pointers = new ArrayList<>();
    private String message = "";
    private int submodules;
    private int files;
    private long content;
    private long used;

    /** Of what is built. */
    GitFiles(BuilderConfig config, Work work) {
        this(config.github(), GitLimits.of(config), work);
    }

    /** @param github where submodules may be that need credentials */
    GitFiles(BuilderConfig.GitHub github, GitLimits limits, Work work) {
        this.github = github;
        this.limits = limits;
        this.work = work;
    }

    /**
     * Fetches a commit, alone where the server allows that, else with these refs, and writes its files.
     *
     * @return the commit, which another object's name may have stood for: that of an annotated tag
     * @throws BuildFailure when it cannot be had, saying why
     */
    String fetch(GitRemote remote, String commit, List<String> refs) {
        try (Repository repository = GitRemote.create(work.scratch().resolve("git"))) {
            fetch(repository, remote, commit, refs);
            return write(repository, remote, commit);
        }
    }

    /** The same for a repository that holds the commit. */
    String write(Repository repository, GitRemote remote, String commit) {
        try {
            String written = write(repository, ObjectId.fromString(commit), new Level(remote, "", 0));
            for (Map.Entry<Path, String> link : links.entrySet()) {
                link(link.getKey(), link.getValue());
            }
            for (Path link : links.keySet()) { // a link to a link may leave where each alone seems to stay
                requireInside(link);
            }
            report();
            return written;
        } catch (CorruptObjectException | MissingObjectException | LargeObjectException e) {
            throw new UnfitRepository("the commit cannot be checked out: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BuilderException("the files of " + remote + " cannot be written", e);
        }
    }

    /** What the commit's author wrote about it. */
    String message() {
        return message;
    }

    private void fetch(Repository into, GitRemote remote, String commit, List<String> refs) {
        remote.fetchCommit(into, commit, refs, new GitRemote.Most(limits.space() - used, limits.tooMuch()), work.log());
        use(Disk.size(into.getDirectory().toPath()));
        try {
            if (!into.getObjectDatabase().has(ObjectId.fromString(commit))) {
                String where = refs.equals(EVERYTHING) ? "in" : "on " + named(refs) + " of";
                throw new BuildFailure("commit %s is not %s %s (any more)".formatted(commit, where, remote));
            }
        } catch (IOException e) {
            throw new BuilderException("what was fetched of " + remote + " cannot be read", e);
        }
    }

    private static String named(List<String> refs) {
        return String.join(
                " or ",
                refs.stream()
                        .map(ref -> GitRemote.named(ref).replaceFirst("^the ", ""))
                        .toList());
    }

    private String write(Repository repository, ObjectId id, Level level) throws IOException {
        Files.createDirectories(work.target().resolve(level.prefix()));
        try (RevWalk commits = new RevWalk(repository);
                TreeWalk tree = new TreeWalk(repository)) {
            RevCommit commit = commits.parseCommit(id);
            message = level.depth() == 0 ? commit.getFullMessage() : message;
            Config modules = modules(repository, commit);
            tree.addTree(commit.getTree());
            tree.setRecursive(true);
            while (tree.next()) {
                work.patience().check();
                new ObjectChecker().checkPath(tree.getPathString()); // refuses "..", ".git", absolute and empty names
                use(GitLimits.BLOCK);
                countFile();
                if (tree.getFileMode(0) == FileMode.GITLINK) {
                    submodule(tree, modules, level);
                } else {
                    write(tree, level.prefix() + tree.getPathString());
                }
            }
            return commit.name();
        }
    }

    private void write(TreeWalk tree, String name) throws IOException {
        Path file = work.target().resolve(name);
        Files.createDirectories(file.getParent());
        ObjectLoader blob = tree.getObjectReader().open(tree.getObjectId(0));
        if (tree.getFileMode(0) == FileMode.SYMLINK) {
            links.put(file, new String(blob.getBytes(LARGEST_LINK), StandardCharsets.UTF_8));
            return;
        }
        if (blob.getSize() > limits.largestFile()) {
            tooLarge.add("%s (%d bytes)".formatted(Text.line(name, 200), blob.getSize()));
            return;
        }
        use(blob.getSize());
        count(blob.getSize());
        if (isPointer(blob)) {
            pointers.add(Text.line(name, 200));
        }
        try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            blob.copyTo(out);
        }
        if (tree.getFileMode(0) == FileMode.EXECUTABLE_FILE) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private void use(long bytes) {
        used += bytes;
        if (used > limits.space()) {
            throw new UnfitRepository(limits.tooMuch());
        }
    }

    private void count(long bytes) {
        content += bytes;
        if (content > limits.content()) {
            throw new UnfitRepository(limits.tooMuch());
        }
    }

    private void countFile() {
        files++;
        if (files > limits.files()) {
            throw new UnfitRepository("it has more than %d files".formatted(limits.files()));
        }
    }

    private static boolean isPointer(ObjectLoader content) {
        return content.getSize() < LARGEST_POINTER
                && new String(content.getCachedBytes(), StandardCharsets.ISO_8859_1).startsWith(POINTER);
    }

    private static Config modules(Repository repository, RevCommit commit) throws IOException {
        try (TreeWalk file = TreeWalk.forPath(repository, ".gitmodules", commit.getTree())) {
            if (file == null || (file.getRawMode(0) & FileMode.TYPE_MASK) != FileMode.TYPE_FILE) {
                return new Config();
            }
            if (repository.open(file.getObjectId(0)).getSize() > LARGEST_MODULES) {
                throw new UnfitRepository(".gitmodules is larger than %d bytes".formatted(LARGEST_MODULES));
            }
            return new BlobBasedConfig(null, repository, file.getObjectId(0));
        } catch (ConfigInvalidException e) {
            throw new UnfitRepository(
                    ".gitmodules cannot be read: " + Text.line(String.valueOf(e.getMessage()), 200), e);
        }
    }

    private void submodule(TreeWalk tree, Config modules, Level level) throws IOException {
        String path = tree.getPathString();
        String name = Text.line(level.prefix() + path, 200);
        if (!limits.submodules()) {
            throw new UnfitRepository("it has a submodule, " + name);
        }
        Files.createDirectories(work.target().resolve(level.prefix() + path));
        Optional<String> module = modules.getSubsections("submodule").stream()
                .filter(one -> path.equals(modules.getString("submodule", one, "path")))
                .findFirst();
        Optional<String> url = module.map(one -> modules.getString("submodule", one, "url"));
        if (url.isEmpty() || "none".equals(modules.getString("submodule", module.get(), "update"))) {
            work.log().accept("the submodule " + name + " is left out: .gitmodules gives no address for it to fetch");
            return;
        }
        if (level.depth() == DEEPEST || submodules == MOST_SUBMODULES) {
            throw new BuildFailure("the submodule %s is one too many: at most %d, and %d inside each other"
                    .formatted(name, MOST_SUBMODULES, DEEPEST));
        }
        submodules++;
        try {
            fetchSubmodule(
                    tree.getObjectId(0),
                    url.get(),
                    new Level(level.remote(), level.prefix() + path + "/", level.depth() + 1));
        } catch (BuildFailure | IllegalArgumentException e) {
            work.patience().check();
            throw new BuildFailure("the submodule " + name + " cannot be had: " + e.getMessage(), e);
        }
    }

    /** @param inside the level of its files, but the remote of the repository it is in */
    private void fetchSubmodule(ObjectId commit, String url, Level inside) throws IOException {
        GitRemote remote = inside.remote().submodule(url, github);
        work.log()
                .accept("fetching the submodule %s: commit %s of %s"
                        .formatted(Text.line(inside.prefix().replaceFirst("/$", ""), 200), commit.name(), remote));
        try (Repository repository = GitRemote.create(work.scratch().resolve("git-" + submodules))) {
            fetch(repository, remote, commit.name(), EVERYTHING);
            write(repository, commit, new Level(remote, inside.prefix(), inside.depth()));
        }
    }

    private void report() {
        if (!tooLarge.isEmpty()) {
            throw new UnfitRepository("files larger than %d bytes (%s): %s"
                    .formatted(limits.largestFile(), BuilderConfig.LARGEST_FILE_KEY, some(tooLarge)));
        }
        if (!pointers.isEmpty()) {
            work.log()
                    .accept(
                            "only Git LFS's pointers to these files are in the repository, and nothing else is fetched: "
                                    + some(pointers));
        }
    }

    private static String some(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
        return names.size() > MOST_NAMED ? first + " and " + (names.size() - MOST_NAMED) + " more" : first;
    }

    /** Links come last, so that nothing is ever written through one. */
    private void link(Path link, String target) throws IOException {
        Path end = link.resolveSibling(target).normalize();
        String name = work.target().relativize(link) + " -> " + Text.line(target, 200);
        if (Path.of(target).isAbsolute() || !end.startsWith(work.target())) {
            throw new UnfitRepository("a symbolic link leaves the repository: " + name);
        }
        Files.createSymbolicLink(link, Path.of(target));
    }

    private void requireInside(Path link) throws IOException {
        if (Files.exists(link) && !link.toRealPath().startsWith(work.target().toRealPath())) {
            throw new UnfitRepository("a symbolic link leaves the repository: "
                    + work.target().relativize(link) + " -> " + Text.line(links.get(link), 200));
        }
    }
}
