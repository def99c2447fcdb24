package org.ocpu.builder;

import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ocpu.builder.GistException.Why;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The git server that gists come from. It is shown no credentials. Thread-safe. */
final class GistSource {
    private static final Logger log = LoggerFactory.getLogger(GistSource.class);

    private final BuilderConfig config;
    private final StopSignal stop;

    GistSource(BuilderConfig config, StopSignal stop) {
        this.config = config;
        this.stop = stop;
    }

    /**
     * The commit that a gist is at now, and its branch.
     *
     * @throws UnknownNameException when there is no such gist, or nothing in it yet
     * @throws GistException when it cannot be told
     */
    RemoteHead.Head head(GistName name, Deadline deadline) {
        GitRefs refs = of(name, deadline, () -> remote(name, deadline).ask(GitRefs.HEAD));
        String commit = refs.commit(GitRefs.HEAD)
                .orElseThrow(() -> new UnknownNameException("The gist " + name + " has no files yet."));
        return new RemoteHead.Head(refs.defaultBranch().orElse(GitRefs.HEAD), commit);
    }

    /**
     * Writes the files of that commit.
     *
     * @param into a directory; {@link GistCopy#FILES} is made in it
     * @throws GistException when they cannot be had or are refused
     */
    void fetch(GistName name, RemoteHead.Head head, Path into, Deadline deadline) {
        GitFiles.Work work = new GitFiles.Work(
                into.resolve(GistCopy.FILES),
                into,
                new Patience(deadline, stop),
                line -> log.debug("gist {}: {}", name, line));
        of(name, deadline, () -> new GitFiles(config.github(), GitLimits.of(config.gists()), work)
                .fetch(remote(name, deadline), head.commit(), List.of(head.ref())));
    }

    private GitRemote remote(GistName name, Deadline deadline) {
        Credentials none = new Credentials(name.user(), Optional.empty(), Optional.empty(), Optional.empty());
        GitAddress address = new GitAddress(URI.create(config.gists().url() + "/" + name + ".git"), false);
        return new GitRemote(address, none, new Patience(deadline, stop));
    }

    private static <T> T of(GistName name, Deadline deadline, Supplier<T> talk) {
        try {
            return talk.get();
        } catch (NoSuchRepository e) {
            log.debug("there is no gist {}", name, e);
            throw new UnknownNameException("There is no gist " + name + ".");
        } catch (UnfitRepository e) {
            throw new GistException(Why.REFUSED, "The gist " + name + " is refused: " + e.getMessage() + ".", e);
        } catch (BuildStopped e) {
            throw new GistException(Why.BUSY, "The server is shutting down.", e);
        } catch (BuildFailure e) {
            log.info("gist {}: {}", name, e.getMessage()); // it may name places that clients are not to know
            throw tookTooLong(e, deadline)
                    ? new GistException(Why.TOO_SLOW, "The gist " + name + " did not come in time. Try again later.", e)
                    : new GistException(
                            Why.UNREACHABLE,
                            "The gist " + name + " cannot be fetched: its server does not answer as it should."
                                    + " Try again later.",
                            e);
        }
    }

    private static boolean tookTooLong(BuildFailure failure, Deadline deadline) {
        return deadline.passed()
                || Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause)
                        .anyMatch(InterruptedIOException.class::isInstance);
    }
}
