package org.ocpu.builder;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which of two pushes to the same app is the newer one, in whatever order their deliveries came: from what the deliveries said
 * ({@link #compare}, which is quick), or by asking the repository ({@link #order}).
 */
final class PushOrder {
    /** What the first push is to the second. */
    enum Order {
        OLDER,
        NEWER,
        SAME,
        UNKNOWN;

        Order reversed() {
            return switch (this) {
                case OLDER -> NEWER;
                case NEWER -> OLDER;
                default -> this;
            };
        }

        static Order ofComparison(int comparison) {
            return comparison < 0 ? OLDER : comparison > 0 ? NEWER : UNKNOWN;
        }
    }

    private final BuilderConfig.GitHub github;
    private final Path repositories;
    private final Path scratch;
    private final Patience patience;

    /**
     * @param repositories where {@code ./ocpu push} puts them
     * @param scratch a directory that the caller deletes; one {@link #order} uses it
     */
    PushOrder(BuilderConfig.GitHub github, Path repositories, Path scratch, Patience patience) {
        this.github = github;
        this.repositories = repositories;
        this.scratch = scratch;
        this.patience = patience;
    }

    /**
     * Compares by what deliveries said: releases by version, else by which push began where another ended, else by when GitHub
     * took them.
     *
     * @param known pushes of the same app, which may be what links the two
     */
    static Order compare(Push a, Push b, Collection<Push> known) {
        return same(a, b)
                .or(() -> releases(a, b))
                .or(() -> chain(a, b, known))
                .or(() -> times(a, b))
                .orElse(Order.UNKNOWN);
    }

    /**
     * Compares by the repository: the commit that the ref points to now is the newest, else an ancestor is older than what
     * descends from it, else what the ref has left behind is older, else the time of the commits decides. Releases are compared
     * by version. An app whose commits {@code ./ocpu push} brought is not asked for elsewhere.
     *
     * @throws BuildFailure when the repository cannot be asked, saying why
     */
    Order order(Push a, Push b) {
        return same(a, b).or(() -> releases(a, b)).orElseGet(() -> {
            Path local = LocalRepository.path(repositories, a.app());
            Optional<Order> here = new GitHistory(a, b).in(local);
            return here.orElseGet(() -> remote(a, b));
        });
    }

    private Order remote(Push a, Push b) {
        GitRemote remote = GitRemote.of(github, a.app(), patience);
        if (a.ref().equals(b.ref())) {
            Optional<String> now = remote.ask(a.ref()).commit(a.ref());
            if (now.filter(a.commit()::equals).isPresent()) {
                return Order.NEWER;
            }
            if (now.filter(b.commit()::equals).isPresent()) {
                return Order.OLDER;
            }
        }
        return new GitHistory(a, b).of(remote, scratch);
    }

    private static Optional<Order> same(Push a, Push b) {
        boolean same = a.commit().equals(b.commit()) && a.ref().equals(b.ref());
        return same ? Optional.of(Order.SAME) : Optional.empty();
    }

    private static Optional<Order> releases(Push a, Push b) {
        boolean releases = Stream.of(a, b)
                .allMatch(push -> push.wishes().ref().equals(RefPolicy.RELEASE)
                        && push.ref().startsWith(GitRefs.TAGS)
                        && RefPolicy.isRelease(push.branch()));
        return releases
                ? decided(Order.ofComparison(RefPolicy.compareReleases(a.branch(), b.branch())))
                : Optional.empty();
    }

    private static Optional<Order> chain(Push a, Push b, Collection<Push> known) {
        if (!a.ref().equals(b.ref())) {
            return Optional.empty();
        }
        boolean older = leads(a.commit(), b, known);
        boolean newer = leads(b.commit(), a, known);
        // both: a forced push went back to where an earlier one had been
        return older == newer ? Optional.empty() : Optional.of(older ? Order.OLDER : Order.NEWER);
    }

    /** Whether pushes of one ref, one after the other, lead from a commit to where this push ended. */
    private static boolean leads(String commit, Push to, Collection<Push> known) {
        Set<String> seen = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(Set.of(to.commit()));
        while (!next.isEmpty()) {
            String end = next.pop();
            Stream.concat(Stream.of(to), known.stream())
                    .filter(push -> push.ref().equals(to.ref()) && push.commit().equals(end))
                    .flatMap(push -> push.before().stream())
                    .filter(seen::add)
                    .forEach(next::push);
        }
        return seen.contains(commit);
    }

    private static Optional<Order> times(Push a, Push b) {
        return a.pushedAt()
                .flatMap(first -> b.pushedAt().map(second -> Order.ofComparison(first.compareTo(second))))
                .flatMap(PushOrder::decided);
    }

    private static Optional<Order> decided(Order order) {
        return order == Order.UNKNOWN ? Optional.empty() : Optional.of(order);
    }
}
