package org.ocpu.builder;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ocpu.mailer.MailThread;

/**
 * The ids by which mail programs keep the mails about an app together: those of its builds answer a mail that was never
 * sent, and belong to a list.
 *
 * @param app for people
 * @param owner in lower case, like the rest
 * @param name the repository, then {@code /part} and {@code +preview} if it has them; without a dot where none may be
 */
record MailIds(AppName app, String owner, String name, String host) {
    /** @param site whose host the ids end in */
    static MailIds of(AppName app, URI site) {
        String name = app.repo()
                + app.part().map(part -> "/" + part).orElse("")
                + app.preview().map(preview -> "+" + preview).orElse("");
        return new MailIds(app, lower(app.owner()), dotted(lower(name)), host(site));
    }

    /** Of a run, which belongs to those of its sync. */
    static MailThread thread(SyncRunView run, URI site) {
        String host = host(site);
        String name = run.sync();
        return new MailThread(
                Optional.of("run-%d.%s@%s".formatted(run.id(), name, host)),
                List.of("runs.%s@%s".formatted(name, host)),
                Optional.of("%s.ocpu-syncs.%s".formatted(name, host))
                        .filter(id -> id.length() <= MailThread.ListId.LONGEST_ID)
                        .map(id -> new MailThread.ListId("sync " + name, id)));
    }

    private static String host(URI site) {
        String host = Optional.ofNullable(site.getHost()).orElse("localhost").replaceAll("[\\[\\]]", "");
        return dotted(lower(host.replace(':', '-')));
    }

    MailThread thread(Build build) {
        return new MailThread(
                Optional.of("build-%d.%s.%s@%s".formatted(build.id(), owner, name, host)), List.of(root()), list());
    }

    private String root() {
        return "builds.%s.%s@%s".formatted(owner, name, host);
    }

    /** None for names so long that RFC 2919 does not allow their id. */
    private Optional<MailThread.ListId> list() {
        return Optional.of("%s.%s.ocpu.%s".formatted(name, owner, host))
                .filter(id -> id.length() <= MailThread.ListId.LONGEST_ID)
                .map(id -> new MailThread.ListId("builds of " + app, id));
    }

    /** RFC 5322 wants something before, between and after dots: {@code =}, which no name of GitHub's has. */
    private static String dotted(String name) {
        return name.replaceAll("^(?=\\.)|(?<=\\.)(?=\\.)|(?<=\\.)$", "=");
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
