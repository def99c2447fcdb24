package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ocpu.mailer.MailThread;
import org.ocpu.mailer.Message;

/** Which runs of syncs the admin is mailed about, and what such a mail says. */
class SyncMailTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final List<SyncPackageView> MIXED = List.of(
            one("ggplot2", "3.5.1", "3.4.0", SyncPackageState.UPDATED),
            one("rebuilt", "1.0", "1.0", SyncPackageState.UPDATED),
            one("fresh", "0.1", null, SyncPackageState.ADDED),
            one("gone", "", "2.0", SyncPackageState.REMOVED),
            failed("broken", "R CMD INSTALL failed", "ERROR: <compilation> failed"),
            new SyncPackageView(
                    "needs",
                    "1.1",
                    Optional.empty(),
                    SyncPackageState.SKIPPED,
                    Optional.of("it needs broken, which failed"),
                    Optional.empty(),
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty()));

    private static SyncPackageView one(String name, String version, String before, SyncPackageState state) {
        return new SyncPackageView(
                name,
                version,
                Optional.ofNullable(before),
                state,
                Optional.empty(),
                Optional.empty(),
                1000,
                1000,
                Optional.of(NOON),
                Optional.of(NOON.plusSeconds(3)));
    }

    private static SyncPackageView failed(String name, String reason, String tail) {
        return new SyncPackageView(
                name,
                "1.0",
                Optional.empty(),
                SyncPackageState.FAILED,
                Optional.of(reason),
                Optional.of(tail),
                1000,
                1000,
                Optional.of(NOON),
                Optional.of(NOON.plusSeconds(3)));
    }

    private static SyncRunView run(SyncRunState state, List<SyncPackageView> packages, String problem) {
        boolean begun = problem == null || !packages.isEmpty();
        return new SyncRunView(
                7,
                "cran",
                "cran",
                "schedule",
                state,
                NOON,
                Optional.of(NOON.plusSeconds(75)),
                packages.size(),
                count(packages, SyncPackageState.ADDED),
                count(packages, SyncPackageState.UPDATED),
                count(packages, SyncPackageState.REMOVED),
                begun ? 312 : 0,
                count(packages, SyncPackageState.FAILED),
                count(packages, SyncPackageState.SKIPPED),
                5L << 20,
                Optional.ofNullable(problem),
                List.of("a note"));
    }

    private static int count(List<SyncPackageView> packages, SyncPackageState state) {
        return (int) packages.stream().filter(one -> one.state() == state).count();
    }

    private static BuilderConfig.Reports reports(String... more) {
        Map<String, String> settings = new HashMap<>(Map.of("public.url", "https://R.example.org:8004"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return BuilderConfig.from(settings).reports();
    }

    private static Optional<Message> mail(MailOn policy, SyncRunView run, List<SyncPackageView> packages) {
        return SyncMail.of(reports("admin.email", "admin@example.org"), policy, run, packages);
    }

    private static Message mail(SyncRunState state, List<SyncPackageView> packages, String problem) {
        return mail(MailOn.ALWAYS, run(state, packages, problem), packages).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"ALWAYS, true, true, true, true", "FAILURE, false, false, true, true", "CHANGE, false, true, true, true"
    })
    void whichRunsAreMailedIsThePolicys(
            MailOn policy, boolean unchanged, boolean changed, boolean failed, boolean notBegun) {
        List<SyncPackageView> updated = MIXED.subList(0, 1);
        List<SyncPackageView> broken = MIXED.subList(4, 5);
        assertEquals(
                unchanged,
                mail(policy, run(SyncRunState.SUCCEEDED, List.of(), null), List.of())
                        .isPresent());
        assertEquals(
                changed,
                mail(policy, run(SyncRunState.SUCCEEDED, updated, null), updated)
                        .isPresent());
        assertEquals(
                failed,
                mail(policy, run(SyncRunState.FAILED, broken, null), broken).isPresent());
        assertEquals(
                notBegun,
                mail(policy, run(SyncRunState.FAILED, List.of(), "no index"), List.of())
                        .isPresent());
    }

    @Test
    void aStoppedRunIsNoFailureUnlessSomethingFailed() {
        assertFalse(mail(MailOn.FAILURE, run(SyncRunState.STOPPED, List.of(), null), List.of())
                .isPresent());
        assertTrue(mail(MailOn.FAILURE, run(SyncRunState.STOPPED, MIXED, null), MIXED)
                .isPresent());
    }

    @Test
    void withoutAnAdminNobodyIsMailed() {
        assertEquals(
                Optional.empty(), SyncMail.of(reports(), MailOn.ALWAYS, run(SyncRunState.FAILED, MIXED, null), MIXED));
    }

    @Test
    void theSubjectCountsWhatHappened() {
        assertEquals(
                "[ocpu] sync cran: 1 added, 2 updated, 1 removed, 1 failed, 1 skipped",
                mail(SyncRunState.FAILED, MIXED, null).subject());
        assertEquals(
                "[ocpu] sync cran: unchanged",
                mail(SyncRunState.SUCCEEDED, List.of(), null).subject());
        assertEquals(
                "[ocpu] sync cran: could not begin",
                mail(SyncRunState.FAILED, List.of(), "no index").subject());
        assertEquals(
                "[ocpu] sync cran: stopped, 1 updated",
                mail(SyncRunState.STOPPED, MIXED.subList(0, 1), null).subject());
    }

    @Test
    void theTextHasAllOfTheReport() {
        Message mail = mail(SyncRunState.FAILED, MIXED, null);
        assertEquals(List.of("admin@example.org"), mail.to());
        assertEquals("""
                The sync cran of the library cran could not bring everything in sync.
                What was there of the packages that failed stays.

                Run: https://R.example.org:8004/syncs/cran/runs/7
                Started by: schedule
                Began: 2026-01-02 12:00 UTC
                Took: 1 min 15 s
                Downloaded: 5 MB
                Unchanged: 312

                Failed (1)
                ----------
                broken 1.0: R CMD INSTALL failed

                Skipped (1)
                -----------
                needs 1.1: it needs broken, which failed

                Updated (2)
                -----------
                ggplot2 3.4.0 -> 3.5.1
                rebuilt 1.0 changed

                Added (1)
                ---------
                fresh 0.1

                Removed (1)
                -----------
                gone 2.0

                Notes
                -----
                a note

                R's last words about broken
                ---------------------------
                ERROR: <compilation> failed
                """, mail.text());
    }

    @Test
    void theHtmlHasTheSameAndEscapesIt() {
        String html = mail(SyncRunState.FAILED, MIXED, null).html().orElseThrow();
        for (String shown : List.of(
                ">failed</span>",
                "ggplot2 3.4.0 -&gt; 3.5.1",
                "ERROR: &lt;compilation&gt; failed",
                "href=\"https://R.example.org:8004/syncs/cran/runs/7\"",
                ">See the run</a>")) {
            assertTrue(html.contains(shown), () -> "no " + shown + " in " + html);
        }
        assertFalse(html.contains("<compilation>"), html);
        String good = mail(SyncRunState.SUCCEEDED, List.of(), null).html().orElseThrow();
        assertTrue(good.contains(">in sync</span>"), good);
    }

    @Test
    void aRunThatCouldNotBeginSaysWhy() {
        String text = mail(SyncRunState.FAILED, List.of(), "https://cran.example.org answers 503")
                .text();
        assertTrue(text.startsWith("""
                        The sync cran of the library cran could not begin:

                          https://cran.example.org answers 503

                        Nothing was changed.
                        """), text);
    }

    @Test
    void aRunThatFailedInItsMiddleTellsWhatItChanged() {
        Message mail = mail(SyncRunState.FAILED, MIXED.subList(0, 2), "an error of this server");
        assertEquals("[ocpu] sync cran: could not come to its end, 2 updated", mail.subject());
        assertTrue(mail.text().startsWith("""
                        The sync cran of the library cran could not come to its end:

                          an error of this server

                        What was live by then stays, and the next run goes on from there.
                        """), mail.text());
        assertTrue(mail.text().contains("ggplot2 3.4.0 -> 3.5.1"), mail.text());
        Message nothing = mail(SyncRunState.FAILED, MIXED.subList(4, 5), "an error of this server");
        assertEquals("[ocpu] sync cran: could not come to its end, 1 failed", nothing.subject());
        assertTrue(nothing.text().contains("Nothing was changed."), nothing.text());
    }

    @Test
    void aMailNamesOnlySoManyOfManyPackages() {
        List<SyncPackageView> many = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            many.add(failed("pkg" + i, "it does not compile", "words of R\n".repeat(10)));
        }
        Message mail = mail(SyncRunState.FAILED, many, null);
        assertTrue(mail.text().contains("pkg299 1.0: it does not compile\nand 19700 more\n"), mail.text());
        assertTrue(mail.text().contains("R's last words about pkg9\n"), mail.text());
        assertFalse(mail.text().contains("R's last words about pkg10\n"), mail.text());
        assertTrue(
                mail.text().length() < 50_000,
                () -> "characters: " + mail.text().length());
    }

    @Test
    void theMailsAboutASyncAreOneThreadAndAList() {
        MailThread thread = mail(SyncRunState.SUCCEEDED, List.of(), null).thread();
        assertEquals(Optional.of("run-7.cran@r.example.org"), thread.messageId());
        assertEquals(List.of("runs.cran@r.example.org"), thread.references());
        assertEquals(Optional.of(new MailThread.ListId("sync cran", "cran.ocpu-syncs.r.example.org")), thread.list());
    }
}
