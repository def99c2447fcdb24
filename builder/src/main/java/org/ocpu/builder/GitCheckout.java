package org.ocpu.builder;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * Brings the files of exactly the pushed commit into the build's directory. One use: {@link #call}.
 *
 * <p>A repository that {@code ./ocpu push} filled is read directly if it holds the commit; any other is fetched, the commit
 * alone where the server allows that, else its branch or tag.
 */
final class GitCheckout {
    private static final int DEEPEST_PACKAGE = 11;
    private static final int MOST_NAMED = 10;

    private final BuildRun run;
    private final BuilderConfig config;
    private final Path repositories;
    private boolean pushedHere;

    /** @param repositories where {@code ./ocpu push} puts them */
    GitCheckout(BuildRun run, BuilderConfig config, Path repositories) {
        this.run = run;
        this.config = config;
        this.repositories = repositories;
    }

    /**
     * @return the commit whose files these are; another than the push's when that names an annotated tag
     * @throws Skipped when the commit's message asks for that
     * @throws BuildFailure when the commit cannot be had or has no package where one should be, saying why
     */
    String call() {
        GitRemote remote = GitRemote.of(config.github(), run.push().app(), Patience.of(run));
        Consumer<String> log = text -> run.log().line(Stage.CHECKOUT, text);
        GitFiles files = new GitFiles(config, new GitFiles.Work(run.source(), run.work(), Patience.of(run), log));
        String commit = files(remote, files, log);
        if (run.push().message().isEmpty() && run.build().rebuildOf().isEmpty()) { // no delivery could tell
            SkipWords.in(files.message()).ifPresent(words -> {
                throw new Skipped("the commit's message has " + words + ": nothing is built");
            });
        }
        requirePackage();
        return commit;
    }

    /** Where people find the repository; empty when it was pushed to this server, or what it is fetched from has no pages. */
    Optional<URI> page() {
        URI url = config.github().url();
        boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
        String page = url.toString().replaceFirst("//[^/@]*@", "//") + "/"
                + run.push().app().repository();
        return web && !pushedHere ? Optional.of(URI.create(page)) : Optional.empty();
    }

    private String files(GitRemote remote, GitFiles files, Consumer<String> log) {
        String commit = run.push().commit();
        Path local = LocalRepository.path(repositories, run.push().app());
        try (Repository pushed = GitRemote.bare(local)) {
            if (Files.isDirectory(local) && pushed.getObjectDatabase().has(ObjectId.fromString(commit))) {
                log.accept("commit " + commit + ", pushed to this server");
                pushedHere = true;
                return files.write(pushed, remote, commit);
            }
        } catch (IOException e) {
            throw new BuildFailure("the repository on this server cannot be read: " + e.getMessage(), e);
        }
        log.accept("fetching commit " + commit + " of " + remote);
        return files.fetch(remote, commit, List.of(run.push().ref()));
    }

    private void requirePackage() {
        String directory = run.push().directory();
        if (isPackage(run.packageDirectory())) {
            return;
        }
        List<String> others = packages();
        String reason = directory.isEmpty()
                ? "the repository has no DESCRIPTION at its top: it is not an R package"
                : "the repository has no DESCRIPTION in " + directory;
        throw new BuildFailure(
                others.isEmpty()
                        ? reason
                        : reason + "; these directories have one: " + String.join(", ", others)
                                + " (the webhook's parameter subdir)");
    }

    private static boolean isPackage(Path directory) {
        return Files.isRegularFile(directory.resolve("DESCRIPTION"), LinkOption.NOFOLLOW_LINKS);
    }

    private List<String> packages() {
        try (Stream<Path> all = Files.walk(run.source(), DEEPEST_PACKAGE)) {
            return all.filter(Files::isDirectory)
                    .filter(GitCheckout::isPackage)
                    .map(path -> run.source().relativize(path).toString())
                    .map(path -> path.isEmpty() ? "the top" : Text.line(path, 200))
                    .sorted()
                    .limit(MOST_NAMED)
                    .toList();
        } catch (IOException e) {
            throw new BuilderException("the files of the repository cannot be listed", e);
        }
    }
}
