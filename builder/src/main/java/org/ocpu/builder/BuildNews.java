package org.ocpu.builder;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other servers how builds stand: GitHub by commit statuses, and {@code notify.url}. Thread-safe.
 *
 * <p>To be called at each change of a build's state. It only writes down what to tell; trouble with telling is logged and
 * never the build's.
 */
final class BuildNews implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BuildNews.class);

    private final List<Recipient> recipients;
    private final Outgoing outgoing;

    private BuildNews(Jdbi jdbi, List<Recipient> recipients, Outgoing.Patience patience) {
        this.recipients = recipients;
        this.outgoing = new Outgoing(jdbi, recipients, patience);
    }

    /**
     * Goes on with what was not told before the server ended, too.
     *
     * @param live the address of an app that has just been published
     */
    static BuildNews open(
            BuilderConfig config, Jdbi jdbi, GitHubApi github, BiFunction<AppName, Description, URI> live) {
        return open(config.reports(), jdbi, github, live, Outgoing.Patience.USUAL);
    }

    static BuildNews open(
            BuilderConfig.Reports config,
            Jdbi jdbi,
            GitHubApi github,
            BiFunction<AppName, Description, URI> live,
            Outgoing.Patience patience) {
        List<Recipient> recipients = List.of(new CommitStatus(github, config.site()), new Notification(config, live));
        return new BuildNews(jdbi, recipients, patience);
    }

    /**
     * Tells of a build in the transaction that changes its state: both happen or neither does.
     *
     * @param build as it is after that change
     */
    void tell(Handle handle, Build build) {
        recipients.stream()
                .flatMap(recipient -> post(recipient, build).stream())
                .forEach(post -> outgoing.add(handle, post));
    }

    @Override
    public void close() {
        outgoing.close();
    }

    private static Optional<Post> post(Recipient recipient, Build build) {
        try {
            return recipient.about(build);
        } catch (RuntimeException e) {
            log.error("{}: not told that build {} is {}", recipient.kind(), build.id(), build.state(), e);
            return Optional.empty();
        }
    }
}
