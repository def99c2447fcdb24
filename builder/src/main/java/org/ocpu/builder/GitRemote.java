package org.ocpu.builder;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A repository on another machine, or in a directory of this one that {@code github.url} names: asked and fetched from. */
final class GitRemote {
    /** Where fetched refs are put. */
    static final String FETCHED = "refs/fetched/";

    /** All the history. */
    static final int ALL = Integer.MAX_VALUE;

    /** How JGit says that a server wants to see other credentials. */
    private static final Pattern CLOSED = Pattern.compile(
            "Authentication is required but|authentication not supported|: not authorized|not permitted on '");

    private static final Logger log = LoggerFactory.getLogger(GitRemote.class);
    private static final long MEASURED_EVERY = 200_000_000; // nanoseconds

    private final GitAddress address;
    private final Credentials credentials;
    private final Patience patience;

    GitRemote(GitAddress address, Credentials credentials, Patience patience) {
        this.address = address;
        this.credentials = credentials;
        this.patience = patience;
    }

    /** A repository of {@code github.url}, with the credentials of its owner. */
    static GitRemote of(BuilderConfig.GitHub github, AppName app, Patience patience) {
        return of(github, app.owner(), app.repository(), patience);
    }

    /** A repository of {@code github.url} that is needed by an app of this owner, with that owner's credentials. */
    static GitRemote of(BuilderConfig.GitHub github, String owner, String repository, Patience patience) {
        Credentials credentials = Credentials.of(github, owner);
        return new GitRemote(GitAddress.of(github, credentials, repository), credentials, patience);
    }

    /** A submodule of this repository. */
    GitRemote submodule(String text, BuilderConfig.GitHub github) {
        return new GitRemote(address.submodule(text, github, credentials), credentials, patience);
    }

    /**
     * Asks for HEAD and refs.
     *
     * @param refs names, or beginnings of names that end in {@code *}
     * @throws BuildFailure saying why it does not answer
     */
    GitRefs ask(String... refs) {
        patience.check();
        try (GitAccess access = new GitAccess(address, credentials, patience);
                Repository none = nothing();
                Transport transport =
                        Transport.open(none, new URIish(address.uri().toString()))) {
            access.give(transport);
            return ask(
                    transport,
                    Arrays.stream(refs).map(ref -> new RefSpec(ref + ":" + ref)).toList());
        } catch (IOException | URISyntaxException e) {
            throw failure(e);
        }
    }

    /** An empty repository, which JGit needs to ask a server of mere files; with a file system, to ask a directory. */
    private static Repository nothing() throws IOException {
        return new InMemoryRepository.Builder()
                .setRepositoryDescription(new DfsRepositoryDescription())
                .setFS(FS.DETECTED)
                .build();
    }

    private static GitRefs ask(Transport transport, List<RefSpec> refs) throws IOException {
        try (FetchConnection connection = transport.openFetch(refs)) {
            Map<String, String> commits = new HashMap<>();
            for (Ref ref : connection.getRefs()) {
                ObjectId peeled = ref.getPeeledObjectId() == null ? ref.getObjectId() : ref.getPeeledObjectId();
                if (peeled != null) {
                    commits.put(ref.getName(), peeled.name());
                }
            }
            Optional<Ref> head = Optional.ofNullable(connection.getRef(Constants.HEAD));
            return new GitRefs(
                    head.filter(Ref::isSymbolic).map(ref -> ref.getTarget().getName()), commits);
        }
    }

    /**
     * Brings a commit into a bare repository: alone where the server allows that, else with the history of these refs.
     *
     * @param refs names, or beginnings of names that end in {@code *}
     * @param most that may come
     * @throws BuildFailure when it cannot be had, saying why
     */
    void fetchCommit(Repository into, String commit, List<String> refs, Most most, Consumer<String> log) {
        if (!fetch(into, List.of(commit), new Extent(1, false, most))) {
            log.accept("it is not given out alone; fetching " + String.join(" and ", named(refs)));
            fetch(into, refs, new Extent(ALL, false, most));
        }
    }

    /** How much to fetch: commits of history, with or without files, and bytes. */
    record Extent(int depth, boolean historyOnly, Most most) {}

    /** Bytes, and what to say when there are more. */
    record Most(long bytes, String tooMuch) {}

    /**
     * Brings refs, which are put below {@link #FETCHED}, or commits.
     *
     * @return false when the remote does not have them or does not give them out
     * @throws BuildFailure when there is no talking to the remote, or too much comes
     */
    boolean fetch(Repository into, List<String> what, Extent extent) {
        patience.check();
        Limited monitor = new Limited(into, extent.most());
        try (GitAccess access = new GitAccess(address, credentials, patience);
                Transport transport =
                        Transport.open(into, new URIish(address.uri().toString()))) {
            access.give(transport);
            transport.setTagOpt(TagOpt.NO_TAGS);
            if (extent.depth() < ALL) {
                transport.setDepth(extent.depth());
            }
            if (extent.historyOnly()) {
                transport.setFilterSpec(FilterSpec.fromFilterLine("tree:0"));
            }
            transport.fetch(monitor, what.stream().map(GitRemote::fetched).toList());
        } catch (IOException | URISyntaxException e) {
            monitor.check();
            if (reason(e).isPresent() || patience.over()) {
                throw failure(e);
            }
            log.debug("{} does not give out {}", this, what, e);
            return false;
        }
        monitor.measure();
        monitor.check();
        return true;
    }

    private static RefSpec fetched(String name) {
        return new RefSpec("+" + name + ":" + FETCHED + name.replaceFirst("^refs/", ""));
    }

    /** Ends a fetch that takes too long or brings too much. */
    private final class Limited extends EmptyProgressMonitor {
        private final Repository into;
        private final Most most;
        private long measured = System.nanoTime();
        private boolean tooLarge;

        Limited(Repository into, Most most) {
            this.into = into;
            this.most = most;
        }

        @Override
        public boolean isCancelled() {
            long now = System.nanoTime();
            if (now - measured > MEASURED_EVERY) {
                measured = now;
                measure();
            }
            return tooLarge || patience.over();
        }

        void measure() {
            tooLarge = Disk.size(into.getDirectory().toPath()) > most.bytes();
        }

        void check() {
            if (tooLarge) {
                throw new UnfitRepository(most.tooMuch());
            }
        }
    }

    private BuilderException failure(Exception cause) {
        patience.check();
        String reason = reason(cause)
                .orElseGet(() -> "git could not fetch " + this + ": "
                        + Text.line(String.valueOf(root(cause).getMessage()), 500));
        return isAbsent(cause) ? new NoSuchRepository(reason, cause) : new BuildFailure(reason, cause);
    }

    private static boolean isAbsent(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof NoRemoteRepositoryException
                        || CLOSED.matcher(String.valueOf(cause.getMessage())).find());
    }

    /** Why there is no talking to the repository at all; empty when it is about what was asked for. */
    private Optional<String> reason(Throwable failure) {
        String refused = "the clone was refused: " + this;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = Text.line(String.valueOf(cause.getMessage()), 300);
            if (message.contains("Server key did not validate")) {
                return Optional.of(
                        refused + ": the server shows a host key that github.knownhosts does not have for it");
            }
            if (message.contains("Cannot log in at")) {
                return Optional.of(refused + ": the server does not accept the SSH key for " + credentials.owner());
            }
            if (cause instanceof NoRemoteRepositoryException
                    || CLOSED.matcher(message).find()) {
                return Optional.of(refused + " is private or does not exist"
                        + (address.ours() && !local() ? "; " + credentials.advice() : ""));
            }
            if (cause instanceof UnknownHostException) {
                return Optional.of(refused + ": no such host: " + address.uri().getHost());
            }
            if (cause instanceof ConnectException || cause instanceof SocketTimeoutException) {
                return Optional.of(refused + ": " + message);
            }
        }
        return Optional.empty();
    }

    private boolean local() {
        return address.uri().getScheme().equals("file");
    }

    private static Throwable root(Throwable failure) {
        return failure.getCause() == null ? failure : root(failure.getCause());
    }

    /** The repository in this directory, which need not exist. */
    static Repository bare(Path directory) throws IOException {
        return new FileRepositoryBuilder()
                .setGitDir(directory.toFile())
                .setBare()
                .build();
    }

    /** A new repository in this directory. */
    static Repository create(Path directory) {
        try {
            Repository repository = bare(directory);
            repository.create(true);
            repository.getConfig().setInt("gc", null, "auto", 0); // it does not live long enough
            repository.getConfig().save();
            return repository;
        } catch (IOException e) {
            throw new BuilderException("no repository can be made for a fetch", e);
        }
    }

    /** A ref as people call it. */
    static String named(String ref) {
        return ref.replaceFirst("^refs/heads/\\*$", "all branches")
                .replaceFirst("^refs/tags/\\*$", "all tags")
                .replaceFirst("^refs/heads/", "the branch ")
                .replaceFirst("^refs/tags/", "the tag ")
                .replaceFirst("^refs/pull/(.*)/(head|merge)$", "the pull request $1");
    }

    private static List<String> named(List<String> refs) {
        return refs.stream().map(GitRemote::named).toList();
    }

    /** Its address, without secrets. */
    @Override
    public String toString() {
        return address.toString();
    }
}
