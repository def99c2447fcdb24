package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.mailer.MailerConfig;
import org.ocpu.mailer.Outbox;

/** A build service with a real git server, real R and a real SMTP conversation. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
abstract class BuildFixture {
    static final AppName APP = new AppName("Alice", "Stocks");

    private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

    @TempDir
    Path root;

    GitServer github;
    GreenMail smtp;
    Outbox outbox;
    BuildService builds;

    @BeforeEach
    void open() throws IOException {
        github = new GitServer(root.resolve("github"));
        smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        smtp.start();
        outbox = Outbox.open(
                data().resolve("outbox"),
                MailerConfig.from(Map.of(
                        "smtp.host",
                        "127.0.0.1",
                        "smtp.port",
                        Integer.toString(smtp.getSmtp().getPort()))),
                (id, status) -> sent.add(status.state().name().toLowerCase(Locale.ROOT)));
        builds = BuildService.open(config(Map.of()), data(), new Rscript(), outbox);
    }

    @AfterEach
    void close() {
        builds.close();
        outbox.close();
        smtp.stop();
        github.close();
    }

    BuildView push(Map<String, String> files) throws Exception {
        return finished(builds.receive(Deliveries.push(APP, github.commit(APP, files))));
    }

    BuildView finished(WebhookAnswer answer) throws Exception {
        assertEquals(202, answer.status(), answer::toString);
        return builds.finished((Long) answer.body().get("build")).get(2, TimeUnit.MINUTES);
    }

    void awaitLine(WebhookAnswer answer, String part) throws Exception {
        var seen = new java.util.concurrent.CompletableFuture<Void>();
        try (LogSubscription following = builds.follow((Long) answer.body().get("build"), 0, new LogListener() {
            @Override
            public void line(long number, String text) {
                if (text.contains(part)) {
                    seen.complete(null);
                }
            }

            @Override
            public void end() {
                seen.completeExceptionally(new IllegalStateException("no line with " + part));
            }
        })) {
            seen.get(1, TimeUnit.MINUTES);
            assertTrue(following != null);
        }
    }

    /** The live app's answer. */
    String answer() throws IOException {
        return Rscript.run(".libPaths('%s'); cat(getExportedValue(loadNamespace('stocks'), 'answer')())"
                .formatted(data().resolve("apps/alice/stocks/current")));
    }

    /** The next mail's headers and text, decoded. */
    String mail() throws Exception {
        assertEquals("sent", sent.poll(30, TimeUnit.SECONDS), "no mail came");
        MimeMessage[] mails = smtp.getReceivedMessages();
        MimeMessage last = mails[mails.length - 1];
        MimeMultipart alternatives = (MimeMultipart) last.getContent();
        return GreenMailUtil.getHeaders(last) + "\n"
                + alternatives.getBodyPart(0).getContent();
    }

    static long processes(String part) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(part))
                        .isPresent())
                .count();
    }

    BuilderConfig config(Map<String, String> more) {
        Map<String, String> settings =
                new HashMap<>(Map.of("github.url", github.url().toString(), "webhook.secret", Deliveries.SECRET));
        settings.put("repos", "http://127.0.0.1:1"); // where nobody answers
        settings.putAll(more);
        return BuilderConfig.from(settings);
    }

    Path data() {
        return root.resolve("data");
    }

    /** Closes the service and opens it with other settings. */
    void reopen(Map<String, String> more) {
        builds.close();
        builds = BuildService.open(config(more), data(), new Rscript(), outbox);
    }
}
