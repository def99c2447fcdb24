package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ocpu.mailer.MailerConfig;
import org.ocpu.mailer.Outbox;

/** The mails about builds, from the database to a real SMTP server; nothing is built. */
class BuildReportTest extends QueueFixture {
    private static final String APP = "Alice/Stocks";

    private final GreenMail smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private final Semaphore sent = new Semaphore(0);
    private Outbox outbox;
    private BuildLogs logs;
    private AppLibrary apps;
    private BuildReport report;

    @BeforeEach
    void open() throws Exception {
        smtp.start();
        outbox = openOutbox();
        BuilderConfig config = BuilderConfig.from(Map.of());
        logs = new BuildLogs(
                Files.createDirectories(root.resolve("logs")), new BuildLog.Rules(1_000_000, Secrets.of(config)));
        apps = AppLibrary.open(Files.createDirectories(root.resolve("apps")), root, config.apps(), Retirement.AT_ONCE);
        report = report(Map.of());
    }

    @AfterEach
    void close() {
        apps.close();
        logs.close();
        outbox.close();
        smtp.stop();
    }

    @Test
    void theSubjectTellsWhatChanged() throws Exception {
        fails(APP, Stage.CHECKOUT);
        fails(APP, Stage.INSTALL);
        goesLive(APP);
        goesLive(APP);
        fails(APP, Stage.CHECK);
        goesLive(APP);
        goesLive("Alice/Other");
        assertEquals(
                List.of(
                        "[ocpu] Alice/Stocks@aaaaaaa failed: checkout",
                        "[ocpu] Alice/Stocks@aaaaaaa still failing: install",
                        "[ocpu] Alice/Stocks@aaaaaaa fixed",
                        "[ocpu] Alice/Stocks@aaaaaaa is live",
                        "[ocpu] Alice/Stocks@aaaaaaa failed: check",
                        "[ocpu] Alice/Stocks@aaaaaaa fixed",
                        "[ocpu] Alice/Other@aaaaaaa is live"),
                subjects(7));
    }

    @Test
    void onlyBuildsOfTheSameAppThatCameToTheirEndCount() throws Exception {
        fails(APP, Stage.INSTALL);
        end(add(APP, 'b'), State.SUPERSEDED);
        end(add(APP, 'b'), State.CANCELLED);
        end(add("Alice/Stocks@pr-7", 'b'), State.SUCCEEDED);
        end(add("Alice/Stocks/part", 'b'), State.SUCCEEDED);
        add(APP, 'c');
        fails("alice/stocks", Stage.INSTALL);
        assertEquals(
                "[ocpu] alice/stocks@aaaaaaa still failing: install",
                subjects(2).get(1));
    }

    @Test
    void anAppThatWasRemovedBeginsAnew() throws Exception {
        fails(APP, Stage.INSTALL);
        store.remove(AppName.parse(APP));
        goesLive(APP);
        assertEquals("[ocpu] Alice/Stocks@aaaaaaa is live", subjects(2).get(1));
    }

    @Test
    void theMailsAboutAnAppAreOneThread() throws Exception {
        Build first = goesLive(APP);
        Build second = goesLive(APP);
        goesLive("Alice/Other");
        List<MimeMessage> mails = mails(3);
        for (int i = 0; i < 2; i++) {
            MimeMessage mail = mails.get(i);
            assertEquals("<builds.alice.stocks@r.example.org>", mail.getHeader("In-Reply-To", null));
            assertEquals("<builds.alice.stocks@r.example.org>", mail.getHeader("References", null));
            assertEquals(
                    "builds of Alice/Stocks <stocks.alice.ocpu.r.example.org>",
                    MimeUtility.unfold(mail.getHeader("List-Id", null)));
        }
        assertEquals(
                "<build-%d.alice.stocks@r.example.org>".formatted(first.id()),
                mails.get(0).getMessageID());
        assertEquals(
                "<build-%d.alice.stocks@r.example.org>".formatted(second.id()),
                mails.get(1).getMessageID());
        assertEquals("<builds.alice.other@r.example.org>", mails.get(2).getHeader("In-Reply-To", null));
    }

    @Test
    void textAndHtmlTellTheSame() throws Exception {
        Build build = goesLive(APP);
        for (int part = 0; part < 2; part++) {
            String content = part(mails(1).get(0), part);
            for (String expected : List.of(
                    "stocks 1.0 (commit aaaaaaa) is live",
                    "https://r.example.org/ocpu/apps/Alice/Stocks/R/",
                    "https://r.example.org/builds/" + build.id(),
                    "aaaaaaa Add größe (Pat Example)",
                    "* DONE (stocks)",
                    "R version 4")) {
                assertTrue(content.contains(expected), () -> expected + " is not in " + content);
            }
        }
        assertTrue(mails(1).get(0).isMimeType("multipart/alternative"));
    }

    @Test
    void aFailureHasItsReasonAndWhatIsLiveNow() throws Exception {
        fails(APP, Stage.INSTALL);
        for (int part = 0; part < 2; part++) {
            String content = part(mails(1).get(0), part);
            assertTrue(content.contains("failed at the stage install"), content);
            assertTrue(content.contains("No version of it is live."), content);
        }
        assertTrue(part(mails(1).get(0), 0).contains("  object 'x' not found <b>&\n"));
    }

    @Test
    void htmlShowsWhatRSaidAsTextAndFetchesNothing() throws Exception {
        fails(APP, Stage.INSTALL);
        String html = part(mails(1).get(0), 1);
        assertTrue(html.contains("object &#39;x&#39; not found &lt;b&gt;&amp;"), html);
        assertTrue(html.contains("log: &lt;script&gt;alert(1)&lt;/script&gt;"), html);
        assertFalse(html.matches("(?is).*(<script|<img|<link|<style|url\\(|src=).*"), html);
        assertTrue(html.contains("name=\"viewport\"") && html.contains("content=\"light dark\""), html);
        assertTrue(html.chars().allMatch(c -> c >= ' ' || c == '\n'), html);
    }

    @Test
    void aLongLogIsCutInHtmlSoThatMailProgramsShowAllOfIt() throws Exception {
        Build build = begun(APP);
        for (int i = 1; i <= 5_000; i++) {
            logs.open(build.id()).line(Stage.INSTALL, "line <" + i + ">");
        }
        finish(build);
        String html = part(mails(1).get(0), 1);
        assertTrue(html.length() < 100_000, () -> html.length() + " characters");
        assertTrue(html.contains("[...]") && html.contains("line &lt;5000&gt;"), html);
        assertTrue(part(mails(1).get(0), 0).contains("line <1000>"), "the text has more");
    }

    @Test
    void aBuildThatRunsAgainAfterACrashMailsOnce() throws Exception {
        Build build = goesLive(APP);
        mails(1);
        outbox.close();
        outbox = openOutbox();
        report = report(Map.of());
        BuildReport.Posted again = report.send(build, "");
        assertEquals("to pat@example.org", again.detail());
        assertEquals("sent", report.status(mailed(build, again)));
        goesLive("Alice/Other");
        assertEquals(List.of("[ocpu] Alice/Stocks@aaaaaaa is live", "[ocpu] Alice/Other@aaaaaaa is live"), subjects(2));
    }

    @Test
    void onlyFailuresAreMailedWhenSo() throws Exception {
        report = report(Map.of("mail_on", "failure"));
        goesLive(APP);
        fails(APP, Stage.INSTALL);
        fails(APP, Stage.INSTALL);
        goesLive(APP);
        fails(APP, Stage.CHECK);
        assertEquals(
                List.of(
                        "[ocpu] Alice/Stocks@aaaaaaa failed: install",
                        "[ocpu] Alice/Stocks@aaaaaaa still failing: install",
                        "[ocpu] Alice/Stocks@aaaaaaa failed: check"),
                subjects(3));
    }

    @Test
    void onlyChangesAreMailedWhenSo() throws Exception {
        report = report(Map.of("mail_on", "change"));
        goesLive(APP);
        Build unchanged = goesLive(APP);
        fails(APP, Stage.INSTALL);
        fails(APP, Stage.INSTALL);
        goesLive(APP);
        goesLive(APP);
        fails(APP, Stage.CHECK);
        assertEquals(
                List.of(
                        "[ocpu] Alice/Stocks@aaaaaaa is live",
                        "[ocpu] Alice/Stocks@aaaaaaa failed: install",
                        "[ocpu] Alice/Stocks@aaaaaaa still failing: install",
                        "[ocpu] Alice/Stocks@aaaaaaa fixed",
                        "[ocpu] Alice/Stocks@aaaaaaa failed: check"),
                subjects(5));
        assertEquals(
                "none: it is live like the build before (mail_on=change)",
                report.status(store.build(unchanged.id()).orElseThrow()));
    }

    @Test
    void supersededAndCancelledBuildsAndUnwantedMailsAreNotSent() throws Exception {
        for (State state : List.of(State.SUPERSEDED, State.CANCELLED)) {
            Build build = begun(APP);
            store.finish(build.id(), state);
            assertEquals(
                    Optional.empty(),
                    report.send(store.build(build.id()).orElseThrow(), "").mailId());
        }
        Push quiet = push(APP, new Push.Wishes(false, Optional.empty(), RefPolicy.DEFAULT));
        Build build = store.add(quiet, OptionalLong.empty());
        assertEquals("switched off by sendmail=false", report.send(build, "").detail());
        fails(APP, Stage.INSTALL);
        assertEquals(List.of("[ocpu] Alice/Stocks@aaaaaaa failed: install"), subjects(1));
    }

    private Build goesLive(String app) throws Exception {
        return finish(begun(app));
    }

    private void fails(String app, Stage stage) throws Exception {
        Build build = begun(app);
        store.fail(build.id(), new Build.Failure(stage, "object 'x' not found <b>&\nsecond line"));
        finish(build);
    }

    private Build begun(String app) {
        Build build = store.add(push(app, Push.Wishes.NONE), OptionalLong.empty());
        store.begin(build.id());
        store.describe(build.id(), new Description("stocks", "1.0", "Stocks", ""));
        logs.open(build.id()).line(Stage.INSTALL, "log: <script>alert(1)</script>\n* DONE (stocks)");
        return build;
    }

    /** Reports like the pipeline: the mail before the end. */
    private Build finish(Build begun) throws Exception {
        Build build = store.build(begun.id()).orElseThrow();
        mailed(build, report.send(build, "R version 4"));
        store.finish(build.id(), build.failure().isPresent() ? State.FAILED : State.SUCCEEDED);
        return build;
    }

    private Build mailed(Build build, BuildReport.Posted mail) {
        store.mailed(build.id(), mail.mailId(), mail.detail());
        return store.build(build.id()).orElseThrow();
    }

    private BuildReport report(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("public.url", "https://r.example.org");
        settings.put("mail_owner", "false");
        BuilderConfig.Reports reports = BuilderConfig.from(settings).reports();
        return new BuildReport(
                outbox, store, new MailPolicy(reports, login -> Optional.empty()), new BuildMail(reports, logs, apps));
    }

    private Outbox openOutbox() {
        return Outbox.open(
                root.resolve("outbox"),
                MailerConfig.from(Map.of(
                        "smtp.host",
                        "127.0.0.1",
                        "smtp.port",
                        Integer.toString(smtp.getSmtp().getPort()))),
                (id, status) -> sent.release());
    }

    private static Push push(String app, Push.Wishes wishes) {
        Push push = push(app, 'a');
        return new Push(
                push.app(),
                "",
                push.ref(),
                push.commit(),
                push.before(),
                false,
                Optional.empty(),
                new Person("pat", Optional.of("pat@example.org")),
                Optional.empty(),
                List.of(new PushedCommit(push.commit(), "Add größe\n\nwith details", "Pat Example")),
                true,
                wishes);
    }

    /** The subjects of the mails the pusher got, which must be so many. */
    private List<String> subjects(int count) throws Exception {
        List<String> subjects = new ArrayList<>();
        for (MimeMessage mail : mails(count)) {
            subjects.add(mail.getSubject());
        }
        return subjects;
    }

    /** The mails the pusher got, oldest first, which must be so many. */
    private List<MimeMessage> mails(int count) throws Exception {
        assertTrue(sent.tryAcquire(count, 20, TimeUnit.SECONDS), "mails are missing");
        sent.release(count);
        List<MimeMessage> mails = List.of(smtp.getReceivedMessages());
        assertEquals(count, mails.size());
        return mails;
    }

    private static String part(MimeMessage mail, int number) throws Exception {
        return ((MimeMultipart) mail.getContent())
                .getBodyPart(number)
                .getContent()
                .toString()
                .replace("\r\n", "\n");
    }
}
