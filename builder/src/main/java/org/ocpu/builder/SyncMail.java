package org.ocpu.builder;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ocpu.mailer.Message;

/** Writes the mail about a run of a sync that has ended: the page has the rest of what is too long for a mail. */
final class SyncMail {
    /** Packages that a section names. */
    private static final int NAMED = 300;

    /** Failed packages of which R's last words are told. */
    private static final int LOGS = 10;

    private final SyncRunView run;
    private final List<SyncPackageView> packages;

    private SyncMail(SyncRunView run, List<SyncPackageView> packages) {
        this.run = run;
        this.packages = packages;
    }

    /**
     * The mail to the admin, if there is one who wants it.
     *
     * @param run as it ended
     */
    static Optional<Message> of(
            BuilderConfig.Reports reports, MailOn policy, SyncRunView run, List<SyncPackageView> packages) {
        return reports.admin().filter(admin -> wanted(policy, run)).map(admin -> new SyncMail(run, packages)
                .write(reports, admin));
    }

    private static boolean wanted(MailOn policy, SyncRunView run) {
        return switch (policy) {
            case ALWAYS -> true;
            case FAILURE -> failure(run);
            case CHANGE -> failure(run) || run.changed() > 0;
        };
    }

    private static boolean failure(SyncRunView run) {
        return run.state() == SyncRunState.FAILED
                || run.failed() > 0
                || run.problem().isPresent();
    }

    private Message write(BuilderConfig.Reports reports, String admin) {
        Letter letter = letter(reports.site());
        return new Message(
                reports.sender(),
                List.of(admin),
                List.of(),
                "[ocpu] sync %s: %s".formatted(run.sync(), words()),
                letter.text(),
                Optional.of(letter.html()),
                MailIds.thread(run, reports.site()));
    }

    private Letter letter(URI site) {
        URI page = URI.create("%s/syncs/%s/runs/%d".formatted(site, run.sync(), run.id()));
        return new Letter(
                badge(),
                opening(),
                Optional.empty(),
                run.problem(),
                outcome(),
                new Letter.Page("Run", "See the run", page),
                facts(),
                sections());
    }

    private Letter.Badge badge() {
        if (failure(run)) {
            return new Letter.Badge("failed", false);
        }
        return run.state() == SyncRunState.STOPPED
                ? new Letter.Badge("stopped", false)
                : new Letter.Badge("in sync", true);
    }

    private String words() {
        List<String> words = new ArrayList<>();
        if (run.problem().isPresent()) {
            words.add(run.trouble());
        } else if (run.state() == SyncRunState.STOPPED) {
            words.add("stopped");
        }
        count(words, run.added(), "added");
        count(words, run.updated(), "updated");
        count(words, run.removed(), "removed");
        count(words, run.failed(), "failed");
        count(words, run.skipped(), "skipped");
        return words.isEmpty() ? "unchanged" : String.join(", ", words);
    }

    private static void count(List<String> words, int count, String what) {
        if (count > 0) {
            words.add(count + " " + what);
        }
    }

    private String opening() {
        String sync = "The sync %s of the library %s".formatted(run.sync(), run.library());
        if (run.problem().isPresent()) {
            return sync + " " + run.trouble();
        }
        if (run.state() == SyncRunState.STOPPED) {
            return sync + " was stopped before its end";
        }
        if (failure(run)) {
            return sync + " could not bring everything in sync";
        }
        return sync + " brought everything in sync" + (run.skipped() == 0 ? "" : " that can be installed here");
    }

    private String outcome() {
        if (run.problem().isPresent() || run.state() == SyncRunState.STOPPED) {
            return run.changed() == 0
                    ? "Nothing was changed."
                    : "What was live by then stays, and the next run goes on from there.";
        }
        return run.failed() > 0 ? "What was there of the packages that failed stays." : "";
    }

    private List<Letter.Fact> facts() {
        List<Letter.Fact> facts = new ArrayList<>();
        facts.add(new Letter.Fact("Started by", run.cause()));
        facts.add(new Letter.Fact("Began", Words.moment(run.startedAt())));
        run.endedAt()
                .ifPresent(
                        end -> facts.add(new Letter.Fact("Took", Words.time(Duration.between(run.startedAt(), end)))));
        facts.add(new Letter.Fact("Downloaded", Words.size(run.bytes())));
        facts.add(new Letter.Fact("Unchanged", Integer.toString(run.unchanged())));
        return facts;
    }

    private List<Letter.Section> sections() {
        Stream<Letter.Section> lists = Stream.of(
                section("Failed", SyncPackageState.FAILED, SyncMail::withReason),
                section("Skipped", SyncPackageState.SKIPPED, SyncMail::withReason),
                section("Updated", SyncPackageState.UPDATED, SyncMail::versions),
                section("Added", SyncPackageState.ADDED, SyncMail::versions),
                section("Removed", SyncPackageState.REMOVED, SyncMail::versions),
                new Letter.Section("Notes", listed(run.notes())));
        return Stream.concat(lists, logs()).toList();
    }

    private Letter.Section section(String title, SyncPackageState state, Function<SyncPackageView, String> line) {
        List<String> lines = in(state).map(line).toList();
        return new Letter.Section("%s (%d)".formatted(title, lines.size()), listed(lines));
    }

    private static String listed(List<String> lines) {
        String named = lines.stream().limit(NAMED).collect(Collectors.joining("\n"));
        return lines.size() <= NAMED ? named : named + "\nand %d more".formatted(lines.size() - NAMED);
    }

    private Stream<Letter.Section> logs() {
        return in(SyncPackageState.FAILED)
                .filter(failed -> failed.tail().isPresent())
                .limit(LOGS)
                .map(failed -> new Letter.Section(
                        "R's last words about " + failed.name(), failed.tail().orElseThrow()));
    }

    private Stream<SyncPackageView> in(SyncPackageState state) {
        return packages.stream().filter(one -> one.state() == state);
    }

    private static String versions(SyncPackageView one) {
        return (one.name() + " " + one.versions("->")).strip();
    }

    private static String withReason(SyncPackageView one) {
        return versions(one) + one.reason().map(why -> ": " + why).orElse("");
    }
}
