package org.ocpu.builder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.ocpu.mailer.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is mailed about which builds, as the server is set and the webhook wishes. */
final class MailPolicy {
    private static final Logger log = LoggerFactory.getLogger(MailPolicy.class);

    private final BuilderConfig.Reports reports;
    private final Function<String, Optional<String>> publicAddress;

    /** @param publicAddress of the account with this name on GitHub; asked only when nothing else gives the owner's */
    MailPolicy(BuilderConfig.Reports reports, Function<String, Optional<String>> publicAddress) {
        this.reports = reports;
        this.publicAddress = publicAddress;
    }

    /** Why nobody is to be mailed about a build; empty when somebody is. */
    Optional<String> silence(Build build, BuildChange change) {
        if (build.state() == State.SUPERSEDED || build.state() == State.CANCELLED) {
            return Optional.of("none about a build that did not come to its end");
        }
        if (!build.push().wishes().sendMail()) {
            return Optional.of("switched off by sendmail=false");
        }
        return switch (reports.mailOn()) {
            case ALWAYS -> Optional.empty();
            case FAILURE ->
                change.failure() ? Optional.empty() : Optional.of("none: only failures are mailed (mail_on=failure)");
            case CHANGE ->
                change != BuildChange.STILL_LIVE
                        ? Optional.empty()
                        : Optional.of("none: it is live like the build before (mail_on=change)");
        };
    }

    /** The pusher first, then the owner if that is someone else. */
    List<String> recipients(Push push) {
        List<String> all = new ArrayList<>(push.pusher().reachable().stream().toList());
        if (push.wishes().mailOwner().orElse(reports.mailOwner())) {
            owner(push)
                    .filter(address -> all.stream().noneMatch(address::equalsIgnoreCase))
                    .ifPresent(all::add);
        }
        return all;
    }

    private Optional<String> owner(Push push) {
        String login = push.app().owner();
        boolean pushedBySelf = push.pusher().name().equalsIgnoreCase(login)
                && push.pusher().reachable().isPresent();
        return push.owner().flatMap(Person::reachable).or(() -> pushedBySelf ? Optional.empty() : published(login));
    }

    private Optional<String> published(String login) {
        try {
            return new Person(login, publicAddress.apply(login).filter(Message::isAddress)).reachable();
        } catch (BuilderException e) { // the others are mailed all the same
            log.warn("the public address of {} cannot be found: {}", login, e.getMessage());
            return Optional.empty();
        }
    }
}
