package org.ocpu.builder;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The repositories that one build's package names in {@code Remotes}, from where the package's own comes from, too. They are
 * opened with the credentials of the app's owner, not of their own: nobody reads a private repository by depending on it.
 */
final class GitRemotes implements Remotes {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern REF = Pattern.compile("[^\\p{Cntrl} ~^:?*\\[\\\\]{1,250}");

    private final BuildRun run;
    private final BuilderConfig config;
    private int fetched;

    GitRemotes(BuildRun run, BuilderConfig config) {
        this.run = run;
        this.config = config;
    }

    @Override
    public String fetch(String owner, String repo, String ref, Path into) {
        GitRemote remote =
                GitRemote.of(config.github(), run.push().app().owner(), repository(owner, repo), Patience.of(run));
        RemoteHead.Head head = head(remote, ref);
        run.log().line(Stage.DEPENDENCIES, "fetching commit " + head.commit() + " of " + remote);
        Path scratch = run.work().resolve("remote-" + ++fetched);
        GitFiles.Work work = new GitFiles.Work(
                into, scratch, Patience.of(run), text -> run.log().line(Stage.DEPENDENCIES, text));
        try {
            return new GitFiles(config, work).fetch(remote, head.commit(), List.of(head.ref()));
        } finally {
            Disk.delete(scratch);
        }
    }

    private static String repository(String owner, String repo) {
        try {
            return new AppName(owner, repo).repository();
        } catch (IllegalArgumentException e) {
            throw new BuildFailure("Remotes: " + e.getMessage(), e);
        }
    }

    private static RemoteHead.Head head(GitRemote remote, String ref) {
        if (COMMIT.matcher(ref).matches()) {
            return new RemoteHead.Head(GitRefs.BRANCHES + "*", ref);
        }
        RefPolicy policy = new RefPolicy(ref);
        Optional<RemoteHead.Head> head = policy.equals(RefPolicy.DEFAULT) || policy.equals(RefPolicy.RELEASE)
                ? remote.ask(GitRefs.toFollow(policy)).follow(policy)
                : named(remote, ref);
        return head.orElseThrow(() -> new BuildFailure(remote + " has no "
                + (ref.isEmpty()
                        ? "commit yet"
                        : policy.equals(RefPolicy.RELEASE)
                                ? "tag that is a version"
                                : "branch or tag " + Text.line(ref, 100) + " (a commit needs its whole name)")));
    }

    private static Optional<RemoteHead.Head> named(GitRemote remote, String ref) {
        if (!REF.matcher(ref).matches()) {
            return Optional.empty();
        }
        List<String> names =
                ref.startsWith("refs/") ? List.of(ref) : List.of(GitRefs.BRANCHES + ref, GitRefs.TAGS + ref);
        GitRefs refs = remote.ask(names.toArray(String[]::new));
        return names.stream()
                .flatMap(name -> refs.commit(name).map(commit -> new RemoteHead.Head(name, commit)).stream())
                .findFirst();
    }
}
