package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Tells by a repository's history which of two pushes is newer. One use. */
final class GitHistory {
    private static final int FIRST_DEPTH = 200;
    private static final GitRemote.Most MOST =
            new GitRemote.Most(2L << 30, "the repository's history takes more than 2 GB");

    private final Push a;
    private final Push b;

    GitHistory(Push a, Push b) {
        this.a = a;
        this.b = b;
    }

    /** By a repository on this server; absent when it does not hold both commits. */
    Optional<PushOrder.Order> in(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Repository repository = GitRemote.bare(directory)) {
            if (missing(repository, a) || missing(repository, b)) {
                return Optional.empty();
            }
            Optional<PushOrder.Order> now = tip(repository);
            return now.isPresent() ? now : Optional.of(compare(repository, true, ""));
        } catch (IOException e) {
            throw new BuilderException("the history of " + a.app() + " on this server cannot be read", e);
        }
    }

    /**
     * By as much history of the remote as it takes: a little first, then all.
     *
     * @param scratch where to put it
     */
    PushOrder.Order of(GitRemote remote, Path scratch) {
        PushOrder.Order order = fetched(remote, scratch.resolve("recent"), FIRST_DEPTH);
        return order == PushOrder.Order.UNKNOWN ? fetched(remote, scratch.resolve("all"), GitRemote.ALL) : order;
    }

    private PushOrder.Order fetched(GitRemote remote, Path directory, int depth) {
        try (Repository repository = GitRemote.create(directory)) {
            Set<String> refs = new LinkedHashSet<>(List.of(a.ref(), b.ref()));
            refs.forEach(ref -> fetch(remote, repository, ref, depth));
            for (Push push : List.of(a, b)) {
                if (missing(repository, push)) {
                    fetch(remote, repository, push.commit(), depth);
                }
            }
            boolean whole = repository.getObjectDatabase().getShallowCommits().isEmpty();
            return compare(repository, whole || depth == GitRemote.ALL, GitRemote.FETCHED);
        } catch (IOException e) {
            throw new BuilderException("what was fetched of " + remote + " cannot be read", e);
        }
    }

    /** Without files where the server can leave them out; what it does not have or give out is done without. */
    private static void fetch(GitRemote remote, Repository into, String what, int depth) {
        if (!remote.fetch(into, List.of(what), new GitRemote.Extent(depth, true, MOST))) {
            remote.fetch(into, List.of(what), new GitRemote.Extent(depth, false, MOST));
        }
    }

    private Optional<PushOrder.Order> tip(Repository repository) throws IOException {
        Ref now = repository.exactRef(a.ref());
        if (now == null || !a.ref().equals(b.ref())) {
            return Optional.empty();
        }
        String commit = now.getObjectId().name();
        if (commit.equals(a.commit())) {
            return Optional.of(PushOrder.Order.NEWER);
        }
        return commit.equals(b.commit()) ? Optional.of(PushOrder.Order.OLDER) : Optional.empty();
    }

    /** @param whole whether what is not an ancestor here is none anywhere */
    private PushOrder.Order compare(Repository repository, boolean whole, String prefix) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            Optional<RevCommit> first = commit(walk, a);
            Optional<RevCommit> second = commit(walk, b);
            if (first.isPresent() && second.isPresent()) {
                if (walk.isMergedInto(first.get(), second.get())) {
                    return PushOrder.Order.OLDER;
                }
                if (walk.isMergedInto(second.get(), first.get())) {
                    return PushOrder.Order.NEWER;
                }
            }
            if (!whole) {
                return PushOrder.Order.UNKNOWN;
            }
            boolean firstKept = kept(walk, repository, first, prefix);
            boolean secondKept = kept(walk, repository, second, prefix);
            if (firstKept != secondKept) {
                return firstKept ? PushOrder.Order.NEWER : PushOrder.Order.OLDER;
            }
            return first.isPresent() && second.isPresent()
                    ? PushOrder.Order.ofComparison(Integer.compare(
                            first.get().getCommitTime(), second.get().getCommitTime()))
                    : PushOrder.Order.UNKNOWN;
        }
    }

    /** Whether the ref's history still has the commit, which a forced push may have left behind. */
    private boolean kept(RevWalk walk, Repository repository, Optional<RevCommit> commit, String prefix)
            throws IOException {
        Ref now = repository.exactRef(
                prefix.isEmpty() ? a.ref() : prefix + a.ref().replaceFirst("^refs/", ""));
        return commit.isPresent()
                && now != null
                && a.ref().equals(b.ref())
                && walk.isMergedInto(commit.get(), walk.parseCommit(now.getObjectId()));
    }

    private static boolean missing(Repository repository, Push push) throws IOException {
        return !repository.getObjectDatabase().has(ObjectId.fromString(push.commit()));
    }

    private static Optional<RevCommit> commit(RevWalk walk, Push push) throws IOException {
        try {
            return Optional.of(walk.parseCommit(ObjectId.fromString(push.commit())));
        } catch (MissingObjectException e) {
            return Optional.empty();
        }
    }
}
