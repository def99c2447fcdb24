package org.ocpu.mailer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.mailer.MailStatus.State;

class OutboxIT {
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    @TempDir
    Path dir;

    private final BlockingQueue<MailStatus> told = new LinkedBlockingQueue<>();
    private GreenMail smtp;
    private int port;

    @BeforeEach
    void chooseAPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        smtp = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    }

    @AfterEach
    void stopTheServer() {
        smtp.stop();
    }

    @Test
    void aMailIsSentAndItsStatusOutlivesTheOutbox() throws Exception {
        smtp.start();
        String id;
        try (Outbox outbox = open(SOON)) {
            id = outbox.enqueue(message("Build 12", "live"));
            assertEquals(State.SENT, next().state());
            assertEquals(Optional.of(new MailStatus(State.SENT, 1, "", Optional.empty())), outbox.status(id));
        }
        try (Outbox reopened = open(SOON)) {
            assertEquals(Optional.of(new MailStatus(State.SENT, 1, "", Optional.empty())), reopened.status(id));
        }
        assertEquals(1, smtp.getReceivedMessages().length, "sent once, not again at the restart");
        assertEquals(List.of("sent/" + id + ".properties"), files());
    }

    @Test
    void aMailWaitsForAServerThatIsDown() throws Exception {
        try (Outbox outbox = open(SOON)) {
            String id = outbox.enqueue(message("late", "text"));
            MailStatus waiting = next();
            assertEquals(State.WAITING, waiting.state());
            assertTrue(waiting.detail().contains("Connection refused"), waiting.detail());
            assertTrue(waiting.nextAttempt().isPresent());
            WaitingMail shown = outbox.waiting(10).get(0);
            assertEquals(id, shown.id());
            assertEquals("late", shown.subject());
            assertEquals(State.WAITING, shown.status().state());
            assertTrue(shown.status().detail().contains("Connection refused"), shown.toString());
            assertEquals(List.of(), outbox.waiting(0));
            assertEquals(2, next().attempts());

            smtp.start();
            assertTrue(smtp.waitForIncomingEmail(20_000, 1));
            MailStatus sent = lastOf(State.SENT);
            assertTrue(sent.attempts() > 2, sent.toString());
            assertEquals(Optional.of(sent), outbox.status(id));
            assertEquals(List.of(), outbox.waiting(10));
        }
        assertEquals("late", smtp.getReceivedMessages()[0].getSubject());
    }

    @Test
    void aWaitingMailIsTriedAgainAfterARestart() throws Exception {
        String id;
        try (Outbox outbox = open(NEVER)) {
            id = outbox.enqueue(message("restart", "text"));
            assertEquals(State.WAITING, next().state());
        }
        smtp.start();
        try (Outbox outbox = open(NEVER)) {
            MailStatus sent = next();
            assertEquals(State.SENT, sent.state());
            assertEquals(2, sent.attempts(), "the attempt before the restart counts");
            assertEquals(Optional.of(sent), outbox.status(id));
        }
        assertEquals(1, smtp.getReceivedMessages().length);
    }

    @Test
    void thePausesGrow() throws Exception {
        try (Outbox outbox = open(Duration.ofMillis(50))) {
            long start = System.nanoTime();
            outbox.enqueue(message("s", "t"));
            for (int attempt = 1; attempt <= 4; attempt++) {
                assertEquals(attempt, next().attempts());
            }
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(taken.toMillis() >= 50 + 100 + 200, "four attempts took only " + taken);
        }
    }

    @Test
    void aMailIsGivenUpWithItsReason() throws Exception {
        MailerConfig impatient = new MailerConfig(server(port), "ocpu@localhost", SOON, Duration.ofMillis(1));
        try (Outbox outbox = Outbox.open(dir, impatient, (id, status) -> told.add(status))) {
            String id = outbox.enqueue(message("s", "t"));
            MailStatus failed = next();
            assertEquals(State.FAILED, failed.state());
            assertTrue(failed.detail().startsWith("gave up after attempt 1: "), failed.detail());
            assertEquals(List.of("failed/" + id + ".eml", "failed/" + id + ".properties"), files());
        }
    }

    @Test
    void withoutAServerAMailIsKeptAsAFileAndSentOnceThereIsOne() throws Exception {
        String id;
        try (Outbox outbox = Outbox.open(dir, config(Optional.empty(), SOON))) {
            id = outbox.enqueue(message("kept", "text"));
            assertEquals(Optional.of(new MailStatus(State.KEPT, 0, "", Optional.empty())), outbox.status(id));
            assertEquals(List.of(id + ".eml"), files());
            assertEquals(List.of("ada@example.org"), Eml.recipients(Eml.read(dir.resolve(id + ".eml"))));
        }
        smtp.start();
        try (Outbox outbox = open(SOON)) {
            assertEquals(State.SENT, next().state());
            assertEquals("kept", smtp.getReceivedMessages()[0].getSubject());
            assertNotNull(outbox.status(id));
        }
    }

    @Test
    void aKeptMailThatIsOldStaysAFile() throws Exception {
        String old = "20200101T000000000Z-0123abcd";
        Files.write(dir.resolve(old + ".eml"), Eml.bytes(message("old", "text")));
        smtp.start();
        try (Outbox outbox = open(SOON)) {
            outbox.enqueue(message("new", "text"));
            assertEquals(State.SENT, next().state());
            assertEquals(State.KEPT, outbox.status(old).orElseThrow().state());
        }
        assertEquals("new", smtp.getReceivedMessages()[0].getSubject());
        assertEquals(1, smtp.getReceivedMessages().length);
    }

    @Test
    void aRefusalOfTheMailIsFinal() throws Exception {
        try (RefusingServer refusing = new RefusingServer();
                Outbox outbox = open(SOON, refusing)) {
            String id = outbox.enqueue(message("s", "refuse: 554"));
            MailStatus failed = next();
            assertEquals(new MailStatus(State.FAILED, 1, "554 not this mail", Optional.empty()), failed);
            assertEquals(Optional.of(failed), outbox.status(id));
        }
    }

    @Test
    void aTemporaryRefusalOfTheMailIsNot() throws Exception {
        try (RefusingServer refusing = new RefusingServer();
                Outbox outbox = open(SOON, refusing)) {
            outbox.enqueue(message("s", "refuse: 451"));
            assertEquals(State.WAITING, next().state());
            assertEquals(2, next().attempts());
        }
    }

    @Test
    void aRefusalOfEveryRecipientIsFinal() throws Exception {
        try (RefusingServer refusing = new RefusingServer();
                Outbox outbox = open(SOON, refusing)) {
            outbox.enqueue(new Message("ocpu@localhost", List.of("550@example.org"), List.of(), "s", "t"));
            MailStatus failed = next();
            assertEquals(State.FAILED, failed.state());
            assertEquals("550 not 550@example.org", failed.detail());
        }
    }

    @Test
    void onlyTheRecipientsWhoDidNotGetItAreTriedAgain() throws Exception {
        List<String> cc = List.of("450@example.org", "550@example.org");
        try (RefusingServer refusing = new RefusingServer();
                Outbox outbox = open(SOON, refusing)) {
            outbox.enqueue(new Message("ocpu@localhost", List.of("ada@example.org"), cc, "s", "t"));
            MailStatus first = next();
            assertEquals(State.WAITING, first.state());
            assertTrue(first.detail().contains("550 not 550@example.org"), first.detail());
            String second = next().detail();
            assertFalse(second.contains("550"), second);
            assertEquals(List.of("ada@example.org"), refusing.delivered());
        }
    }

    @Test
    void oneRefusedRecipientDoesNotKeepTheMailFromTheOthers() throws Exception {
        List<String> cc = List.of("550@example.org");
        try (RefusingServer refusing = new RefusingServer();
                Outbox outbox = open(SOON, refusing)) {
            outbox.enqueue(new Message("ocpu@localhost", List.of("ada@example.org"), cc, "s", "t"));
            MailStatus sent = next();
            assertEquals(State.SENT, sent.state());
            assertTrue(sent.detail().contains("550 not 550@example.org"), sent.detail());
            assertEquals(List.of("ada@example.org"), refusing.delivered());
        }
    }

    @Test
    void aHalfWrittenFileIsNoMail() throws Exception {
        Files.writeString(dir.resolve("20990101T000000000Z-0123abcd.eml.tmp"), "From: ocpu@local");
        Files.writeString(dir.resolve("notes.eml"), "of the admin's");
        smtp.start();
        try (Outbox outbox = open(SOON)) {
            outbox.enqueue(message("whole", "text"));
            assertEquals(State.SENT, next().state());
            assertEquals(Optional.empty(), outbox.status("20990101T000000000Z-0123abcd"));
        }
        assertEquals(1, smtp.getReceivedMessages().length);
        assertTrue(files().stream().noneMatch(name -> name.endsWith(".tmp")), files().toString());
    }

    @Test
    void aMailThatWasSentRightBeforeACrashIsNotSentAgain() throws Exception {
        String id = "20260101T000000000Z-0123abcd";
        Files.write(dir.resolve(id + ".eml"), Eml.bytes(message("s", "t")));
        Files.createDirectories(dir.resolve("sent"));
        Files.writeString(dir.resolve("sent").resolve(id + ".properties"), "attempts=3\n");
        try (Outbox outbox = open(SOON)) {
            assertEquals(Optional.of(new MailStatus(State.SENT, 3, "", Optional.empty())), outbox.status(id));
        }
        assertEquals(List.of("sent/" + id + ".properties"), files());
    }

    @Test
    void anythingThatIsNoIdHasNoStatus() throws Exception {
        Files.writeString(dir.resolveSibling(dir.getFileName() + ".properties"), "attempts=1");
        try (Outbox outbox = open(SOON)) {
            for (String id : List.of("", "..", "../" + dir.getFileName(), "20260101T000000000Z-0123abcd")) {
                assertEquals(Optional.empty(), outbox.status(id), id);
            }
        } finally {
            Files.delete(dir.resolveSibling(dir.getFileName() + ".properties"));
        }
    }

    @Test
    void aHeaderInjectionReachesNeitherDiskNorServer() throws Exception {
        try (Outbox outbox = open(SOON)) {
            assertThrows(
                    IllegalArgumentException.class, () -> outbox.enqueue(message("s\r\nBcc: eve@example.org", "t")));
        }
        assertEquals(List.of(), files());
    }

    @Test
    void aMailThatComesAfterTheEndGoesOutAtTheNextStart() throws Exception {
        smtp.start();
        Outbox closed = open(SOON);
        closed.close();
        String id = closed.enqueue(message("after", "text"));
        try (Outbox outbox = open(SOON)) {
            assertEquals(State.SENT, next().state());
            assertEquals(State.SENT, outbox.status(id).orElseThrow().state());
        }
    }

    @Test
    void aKeyIsMailedOnceWhereverItsMailStands() throws Exception {
        smtp.start();
        String sent;
        try (Outbox outbox = open(SOON)) {
            sent = outbox.enqueue("build-12", message("Build 12", "live"));
            assertEquals(sent, outbox.enqueue("build-12", message("Build 12", "again")));
            assertEquals(State.SENT, next().state());
            assertEquals(sent, outbox.enqueue("build-12", message("Build 12", "again")));
            assertEquals(Optional.of(State.SENT), outbox.status(sent).map(MailStatus::state));
        }
        try (Outbox reopened = open(SOON)) {
            assertEquals(sent, reopened.enqueue("build-12", message("Build 12", "again")));
            String other = reopened.enqueue("build-13", message("Build 13", "live"));
            assertNotEquals(sent, other);
            assertEquals(State.SENT, next().state());
        }
        assertEquals(
                List.of("Build 12", "Build 13"),
                Stream.of(smtp.getReceivedMessages()).map(OutboxIT::subject).toList());
    }

    @Test
    void aKeyIsKnownWhileItsMailWaitsAndAfterItFailed() throws Exception {
        String id;
        try (Outbox outbox = open(NEVER)) {
            id = outbox.enqueue("build-12", message("s", "t"));
            assertEquals(State.WAITING, next().state());
        }
        try (Outbox reopened = open(NEVER)) {
            assertEquals(id, reopened.enqueue("build-12", message("s", "t")));
            assertEquals(State.WAITING, next().state());
        }
        try (Outbox impatient = impatient()) {
            assertEquals(State.FAILED, next().state());
            assertEquals(id, impatient.enqueue("build-12", message("s", "t")));
        }
        assertEquals(List.of("failed/" + id + ".eml", "failed/" + id + ".properties"), files());
    }

    @Test
    void aKeyGivenByManyThreadsAtOnceIsMailedOnce() throws Exception {
        smtp.start();
        try (Outbox outbox = open(SOON)) {
            List<String> ids = IntStream.range(0, 20)
                    .parallel()
                    .mapToObj(i -> outbox.enqueue("build-12", message("s", "t")))
                    .distinct()
                    .toList();
            assertEquals(1, ids.size(), ids::toString);
            assertEquals(State.SENT, next().state());
        }
        assertEquals(1, smtp.getReceivedMessages().length);
    }

    @Test
    void aMailWhoseWritingACrashCutShortIsWrittenAnew() throws Exception {
        String half = "20260101T000000000Z-" + Spool.ending("build-12");
        Files.writeString(dir.resolve(half + ".eml.tmp"), "From: ocpu@local");
        smtp.start();
        try (Outbox outbox = open(SOON)) {
            assertNotEquals(half, outbox.enqueue("build-12", message("whole", "t")));
            assertEquals(State.SENT, next().state());
        }
    }

    @Test
    void aParkedMailIsShownAndSentAgain() throws Exception {
        String id;
        try (Outbox outbox = impatient()) {
            id = outbox.enqueue(message("Größe ☃ of Alice/Stocks", "text"));
            MailStatus failed = next();
            ParkedMail parked = outbox.parked().get(0);
            assertEquals(
                    new ParkedMail(
                            id, List.of("ada@example.org"), "Größe ☃ of Alice/Stocks", Spool.queuedAt(id), failed),
                    parked);
        }
        smtp.start();
        try (Outbox outbox = open(NEVER)) {
            assertEquals(1, outbox.parked().size(), "a restart leaves it parked");
            assertTrue(outbox.resend(id));
            assertEquals(State.SENT, next().state());
            assertEquals(List.of(), outbox.parked());
            assertFalse(outbox.resend(id), "it is not parked any more");
        }
        assertEquals("Größe ☃ of Alice/Stocks", subject(smtp.getReceivedMessages()[0]));
        assertEquals(List.of("sent/" + id + ".properties"), files());
    }

    @Test
    void aMailSentAgainHasTheWholeTimeToRetryAgain() throws Exception {
        String old = "20200101T000000000Z-0123abcd";
        Files.createDirectories(dir.resolve("failed"));
        Files.write(dir.resolve("failed").resolve(old + ".eml"), Eml.bytes(message("old", "text")));
        Files.writeString(dir.resolve("failed").resolve(old + ".properties"), "attempts=50\n");
        try (Outbox outbox = open(NEVER)) {
            assertTrue(outbox.resend(old));
            MailStatus waiting = next();
            assertEquals(State.WAITING, waiting.state(), "the server is down, but two days begin again");
            assertEquals(1, waiting.attempts());
        }
        smtp.start();
        try (Outbox outbox = open(NEVER)) {
            assertEquals(State.SENT, next().state(), "also after a restart");
            assertEquals(State.SENT, outbox.status(old).orElseThrow().state());
        }
    }

    @Test
    void aMailSentAgainGoesOnlyToThoseWhoDidNotGetIt() throws Exception {
        List<String> cc = List.of("450@example.org");
        try (RefusingServer refusing = new RefusingServer()) {
            String id;
            try (Outbox outbox = Outbox.open(dir, impatient(refusing.port()), (mail, status) -> told.add(status))) {
                id = outbox.enqueue(new Message("ocpu@localhost", List.of("ada@example.org"), cc, "s", "t"));
                assertEquals(State.FAILED, next().state());
                assertEquals(cc, outbox.parked().get(0).recipients());
            }
            smtp.start();
            try (Outbox outbox = open(SOON)) {
                assertTrue(outbox.resend(id));
                assertEquals(State.SENT, next().state());
            }
            assertEquals(List.of("ada@example.org"), refusing.delivered());
            assertEquals(1, smtp.getReceivedMessages().length);
        }
    }

    @Test
    void aCrashBeforeAMailIsTakenUpAgainLeavesItParked() throws Exception {
        String id;
        try (Outbox outbox = impatient()) {
            id = outbox.enqueue(message("s", "t"));
            assertEquals(State.FAILED, next().state());
        }
        Files.move(dir.resolve("failed").resolve(id + ".eml"), dir.resolve(id + ".eml"));
        Files.writeString(dir.resolve(id + ".properties"), "attempts=0\n");
        smtp.start();
        try (Outbox outbox = open(SOON)) {
            assertEquals(
                    List.of(id), outbox.parked().stream().map(ParkedMail::id).toList());
            assertEquals(List.of("failed/" + id + ".eml", "failed/" + id + ".properties"), files());
            assertTrue(outbox.resend(id));
            assertEquals(State.SENT, next().state());
        }
    }

    @Test
    void whatIsNotParkedIsNotSentAgain() throws Exception {
        Files.createDirectories(dir.resolve("failed"));
        Files.writeString(dir.resolve("failed/20260101T000000000Z-0123abcd.properties"), "attempts=1\n");
        try (Outbox outbox = open(NEVER)) {
            String waiting = outbox.enqueue(message("s", "t"));
            for (String id : List.of(
                    "", "..", "../failed/x", waiting, "20260101T000000000Z-0123abcd", "20990101T000000000Z-0123abcd")) {
                assertFalse(outbox.resend(id), id);
            }
            assertEquals(List.of(), outbox.parked(), "a mail without its text is not to be sent");
        }
    }

    @Test
    void onlyTheNewestFailedMailsAreKept() throws Exception {
        Files.createDirectories(dir.resolve("failed"));
        for (int i = 0; i < Spool.MOST_FAILED + 5; i++) {
            String name = "failed/20260101T%09dZ-0123abcd".formatted(i);
            Files.writeString(dir.resolve(name + ".properties"), "attempts=1\n");
            Files.writeString(dir.resolve(name + ".eml"), "Subject: s\r\nTo: ada@example.org\r\n\r\nt\r\n");
        }
        try (Outbox outbox = impatient()) {
            assertEquals(Spool.MOST_FAILED, outbox.parked().size());
            String newest = outbox.enqueue(message("s", "t"));
            assertEquals(State.FAILED, next().state());
            List<ParkedMail> parked = outbox.parked();
            assertEquals(Spool.MOST_FAILED, parked.size());
            assertEquals("20260101T000000006Z-0123abcd", parked.get(0).id(), "the oldest goes first");
            assertEquals(newest, parked.get(parked.size() - 1).id());
        }
        assertEquals(2 * Spool.MOST_FAILED, files().size(), "records and texts alike");
    }

    private Outbox impatient() {
        return Outbox.open(dir, impatient(port), (id, status) -> told.add(status));
    }

    private static MailerConfig impatient(int port) {
        return new MailerConfig(server(port), "ocpu@localhost", SOON, Duration.ofMillis(1));
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private MailStatus next() throws InterruptedException {
        MailStatus status = told.poll(20, TimeUnit.SECONDS);
        assertNotNull(status, "the outbox did not try a mail within 20 s");
        return status;
    }

    private MailStatus lastOf(State state) throws InterruptedException {
        MailStatus status = next();
        while (status.state() != state) {
            status = next();
        }
        return status;
    }

    private Outbox open(Duration retry) {
        return Outbox.open(dir, config(server(port), retry), (id, status) -> told.add(status));
    }

    private Outbox open(Duration retry, RefusingServer refusing) {
        return Outbox.open(dir, config(server(refusing.port()), retry), (id, status) -> told.add(status));
    }

    private static MailerConfig config(Optional<SmtpServer> smtp, Duration retry) {
        return new MailerConfig(smtp, "ocpu@localhost", retry, TWO_DAYS);
    }

    private static Optional<SmtpServer> server(int port) {
        return Optional.of(new SmtpServer("127.0.0.1", port, Optional.empty(), false, Duration.ofSeconds(10)));
    }

    private static Message message(String subject, String text) {
        return new Message("ocpu@localhost", List.of("ada@example.org"), List.of(), subject, text);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> dir.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
