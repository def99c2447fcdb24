package org.ocpu.builder;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Brings the files of exactly the pushed commit into the build's directory. One use: {@link #call}.
 *
 * <p>A repository that {@code ./ocpu push} filled is read directly if it holds the commit; any other is fetched, the commit
 * alone where the server allows that, else its branch. Files are written from git's tree as they are: no hooks, filters or
 * submodules; a symbolic link must stay inside the repository.
 */
final class GitCheckout {
    private static final int LARGEST_LINK = 4_096;

    private final BuildRun run;
    private final URI github;
    private final Path repositories;
    private final Map<Path, String> links = new LinkedHashMap<>();

    GitCheckout(BuildRun run, URI github, Path repositories) {
        this.run = run;
        this.github = github;
        this.repositories = repositories;
    }

    /** @throws BuildFailure when the commit cannot be had, saying why */
    void call() {
        Path local = LocalRepository.path(repositories, run.push().app());
        try (Repository pushed = bare(local)) {
            if (Files.isDirectory(local) && pushed.getObjectDatabase().has(commit())) {
                run.log().line(Stage.CHECKOUT, "commit " + run.push().commit() + ", pushed to this server");
                write(pushed);
                return;
            }
        } catch (IOException e) {
            throw new BuildFailure("the repository on this server cannot be read: " + e.getMessage(), e);
        }
        fetchAndWrite();
    }

    private void fetchAndWrite() {
        String url = github + "/" + run.push().app() + ".git";
        run.log().line(Stage.CHECKOUT, "fetching commit " + run.push().commit() + " of " + url);
        try (Git git = Git.init()
                .setBare(true)
                .setDirectory(run.work().resolve("git").toFile())
                .call()) {
            fetch(git, url);
            if (!git.getRepository().getObjectDatabase().has(commit())) {
                throw new BuildFailure("commit %s is not on branch %s of %s (any more)"
                        .formatted(run.push().commit(), run.push().branch(), url));
            }
            write(git.getRepository());
        } catch (GitAPIException | IOException e) {
            throw failure(e, url);
        }
    }

    private void fetch(Git git, String url) throws GitAPIException {
        try {
            fetch(git, url, run.push().commit(), 1);
        } catch (GitAPIException e) {
            if (reason(e, url).isPresent()
                    || run.deadline().passed()
                    || run.stop().stopped()) {
                throw e;
            }
            String branch = run.push().branch();
            run.log().line(Stage.CHECKOUT, "it is not given out alone; fetching the branch " + branch);
            fetch(git, url, "refs/heads/" + branch, Integer.MAX_VALUE);
        }
    }

    private void fetch(Git git, String url, String what, int depth) throws GitAPIException {
        var fetch = git.fetch()
                .setRemote(url)
                .setRefSpecs("+" + what + ":refs/heads/pushed")
                .setTagOpt(TagOpt.NO_TAGS)
                .setTimeout((int) Math.max(1, run.deadline().remaining().toSeconds()))
                .setProgressMonitor(patience());
        if (depth < Integer.MAX_VALUE) {
            fetch.setDepth(depth);
        }
        fetch.call();
    }

    private ProgressMonitor patience() {
        return new EmptyProgressMonitor() {
            @Override
            public boolean isCancelled() {
                return run.deadline().passed() || run.stop().stopped();
            }
        };
    }

    private BuilderException failure(Exception cause, String url) {
        if (run.stop().stopped()) {
            return new BuildStopped();
        }
        if (run.deadline().passed()) {
            return run.deadline().failure();
        }
        return new BuildFailure(
                reason(cause, url)
                        .orElseGet(() -> "git could not fetch " + url + ": "
                                + root(cause).getMessage()),
                cause);
    }

    /** Why there is no talking to the repository at all; empty when it is about what was asked for. */
    private static Optional<String> reason(Exception failure, String url) {
        String refused = "the clone was refused: " + url;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof NoRemoteRepositoryException || message.contains("404")) {
                return Optional.of(refused + " does not exist");
            }
            if (message.contains("uthenticat")
                    || message.contains("not authorized")
                    || message.contains("not permitted")) {
                return Optional.of(refused + " is private or does not exist");
            }
            if (cause instanceof UnknownHostException) {
                return Optional.of(refused + ": no such host: " + message);
            }
            if (cause instanceof ConnectException || cause instanceof SocketTimeoutException) {
                return Optional.of(refused + ": " + message);
            }
        }
        return Optional.empty();
    }

    private static Throwable root(Throwable failure) {
        return failure.getCause() == null ? failure : root(failure.getCause());
    }

    private ObjectId commit() {
        return ObjectId.fromString(run.push().commit());
    }

    private static Repository bare(Path directory) throws IOException {
        return new FileRepositoryBuilder()
                .setGitDir(directory.toFile())
                .setBare()
                .build();
    }

    private void write(Repository repository) throws IOException {
        Files.createDirectories(run.source());
        try (RevWalk commits = new RevWalk(repository);
                TreeWalk tree = new TreeWalk(repository)) {
            RevCommit commit = commits.parseCommit(commit());
            tree.addTree(commit.getTree());
            tree.setRecursive(true);
            while (tree.next()) {
                run.stop().check();
                write(tree);
            }
        } catch (CorruptObjectException | MissingObjectException e) {
            throw new BuildFailure("the commit cannot be checked out: " + e.getMessage(), e);
        }
        for (Map.Entry<Path, String> link : links.entrySet()) {
            link(link.getKey(), link.getValue());
        }
    }

    private void write(TreeWalk tree) throws IOException {
        new ObjectChecker().checkPath(tree.getPathString()); // refuses "..", ".git", absolute and empty names
        Path file = run.source().resolve(tree.getPathString());
        if (tree.getFileMode(0) == FileMode.GITLINK) {
            run.log().line(Stage.CHECKOUT, "the submodule " + tree.getPathString() + " is left out");
            return;
        }
        Files.createDirectories(file.getParent());
        var content = tree.getObjectReader().open(tree.getObjectId(0));
        if (tree.getFileMode(0) == FileMode.SYMLINK) {
            links.put(file, new String(content.getBytes(LARGEST_LINK), StandardCharsets.UTF_8));
            return;
        }
        try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            content.copyTo(out);
        }
        if (tree.getFileMode(0) == FileMode.EXECUTABLE_FILE) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** Links come last, so that nothing is ever written through one. */
    private void link(Path link, String target) throws IOException {
        Path end = link.resolveSibling(target).normalize();
        String name = run.source().relativize(link) + " -> " + Text.line(target, 200);
        if (Path.of(target).isAbsolute() || !end.startsWith(run.source())) {
            throw new BuildFailure("a symbolic link leaves the repository: " + name);
        }
        Files.createSymbolicLink(link, Path.of(target));
        // a link to a link may leave where each alone seems to stay
        if (Files.exists(link) && !link.toRealPath().startsWith(run.source().toRealPath())) {
            throw new BuildFailure("a symbolic link leaves the repository: " + name);
        }
    }
}
