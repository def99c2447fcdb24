package org.ocpu.mailer;

import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.ocpu.mailer.MailStatus.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes mails, keeps them on disk, and delivers them when it can. Thread-safe.
 *
 * <ul>
 *   <li>A mail whose {@link #enqueue} returned survives a crash of the process and of the machine.
 *   <li>It is delivered at least once: a crash between the server's answer and the note of it sends it again.
 *   <li>A temporary fault is retried with growing pauses until {@link MailerConfig#giveUp()}, and once at each start.
 *   <li>Without an SMTP server mails are {@link State#KEPT}. A start with one sends those that are not older than
 *       {@link MailerConfig#giveUp()}; an older one stays a file.
 *   <li>A mail that was given up is {@linkplain #parked() parked} with its text until someone {@linkplain #resend sends it
 *       again}.
 *   <li>Of finished mails it keeps the status and the key of the newest 10,000 that were sent, and the newest 1,000 that
 *       failed; older ones are forgotten.
 * </ul>
 *
 * <p>Only one outbox may be open on a directory.
 */
public final class Outbox implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final Spool spool;
    private final MailerConfig config;
    private final Optional<SmtpMailer> mailer;
    private final BiConsumer<String, MailStatus> listener;
    private final Map<String, Instant> nextAttempts = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor thread;

    private Outbox(Spool spool, MailerConfig config, BiConsumer<String, MailStatus> listener) {
        this.spool = spool;
        this.config = config;
        this.mailer = config.smtp().map(SmtpMailer::new);
        this.listener = listener;
        // A mail that comes after close() is on disk and goes out at the next start, so its attempt is dropped
        // silently.
        this.thread = new ScheduledThreadPoolExecutor(1, Outbox::daemon, new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Opens the outbox of this directory, which is created when missing, and takes up the mails it holds. */
    public static Outbox open(Path dir, MailerConfig config) {
        return open(dir, config, (id, status) -> {});
    }

    /**
     * The same, with a listener that is told the id and the status of a mail after each attempt.
     *
     * @param listener called on the outbox's only thread: it must be quick
     */
    public static Outbox open(Path dir, MailerConfig config, BiConsumer<String, MailStatus> listener) {
        Outbox outbox = new Outbox(Spool.open(dir), config, listener);
        Instant oldest = Instant.now().minus(config.giveUp());
        outbox.spool.pending().stream()
                .filter(id -> outbox.spool.progress(id).attempts() > 0
                        || outbox.spool.progress(id).since().isAfter(oldest))
                .forEach(id -> outbox.schedule(id, Duration.ZERO));
        return outbox;
    }

    /**
     * Stores a mail and has it delivered in the background; never waits for the SMTP server.
     *
     * @return its id, which is safe as a file name
     * @throws MailException when it could not be stored
     */
    public String enqueue(Message message) {
        return added(spool.add(Eml.bytes(message)), message);
    }

    /**
     * The same, but once for each key, also after a crash or a restart: a mail whose key the outbox knows, wherever that
     * mail stands, is not stored.
     *
     * @return the id of the mail that has the key
     */
    public synchronized String enqueue(String key, Message message) {
        String ending = Spool.ending(key);
        return spool.find(ending).orElseGet(() -> added(spool.add(Eml.bytes(message), ending), message));
    }

    private String added(String id, Message message) {
        if (mailer.isEmpty()) {
            log.info("mail {} to {} is kept: no smtp.host is configured", id, message.to());
        }
        schedule(id, Duration.ZERO);
        return id;
    }

    /** How the mail stands; empty for an id this outbox never gave. Answers for finished mails after a restart, too. */
    public synchronized Optional<MailStatus> status(String id) {
        if (!Spool.isId(id)) {
            return Optional.empty();
        }
        return spool.sent(id)
                .map(progress -> status(State.SENT, progress))
                .or(() -> spool.failed(id).map(progress -> status(State.FAILED, progress)))
                .or(() -> spool.holds(id) ? Optional.of(pending(id)) : Optional.empty());
    }

    /** The mails that were given up, oldest first. */
    public synchronized List<ParkedMail> parked() {
        return spool.failed().stream()
                .flatMap(id -> spool.failedMail(id).map(mail -> parked(id, mail)).stream())
                .toList();
    }

    /**
     * The mails that are kept or wait, oldest first.
     *
     * @param most so many of them
     */
    public synchronized List<WaitingMail> waiting(int most) {
        return spool.pending().stream().limit(most).map(this::waiting).toList();
    }

    private WaitingMail waiting(String id) {
        Eml.Heading heading = Eml.heading(spool.mail(id));
        List<String> undelivered = spool.progress(id).undelivered();
        return new WaitingMail(
                id,
                undelivered.isEmpty() ? heading.recipients() : undelivered,
                heading.subject(),
                Spool.queuedAt(id),
                pending(id));
    }

    /**
     * Takes up a mail that was given up: it is tried at once for those who did not get it, and then as long as a new one.
     *
     * @return false when no mail with this id is parked
     */
    public synchronized boolean resend(String id) {
        if (!Spool.isId(id)
                || spool.failed(id).isEmpty()
                || spool.failedMail(id).isEmpty()) {
            return false;
        }
        spool.revive(id, spool.failed(id).orElseThrow().again());
        log.info("mail {} is sent again", id);
        schedule(id, Duration.ZERO);
        return true;
    }

    private ParkedMail parked(String id, Path mail) {
        Eml.Heading heading = Eml.heading(mail);
        Progress progress = spool.failed(id).orElseThrow();
        return new ParkedMail(
                id,
                progress.undelivered().isEmpty() ? heading.recipients() : progress.undelivered(),
                heading.subject(),
                Spool.queuedAt(id),
                status(State.FAILED, progress));
    }

    /** Ends deliveries; a mail on its way gets a moment to arrive, all others wait for the next start. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("a mail was still on its way; it is sent again at the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private MailStatus pending(String id) {
        Progress progress = spool.progress(id);
        Optional<Instant> next = Optional.ofNullable(nextAttempts.get(id));
        return next.isPresent()
                ? new MailStatus(State.WAITING, progress.attempts(), progress.detail(), next)
                : status(State.KEPT, progress);
    }

    private static MailStatus status(State state, Progress progress) {
        return new MailStatus(state, progress.attempts(), progress.detail(), Optional.empty());
    }

    private void schedule(String id, Duration pause) {
        mailer.ifPresent(smtp -> {
            nextAttempts.put(id, Instant.now().plus(pause));
            var unused = thread.schedule(() -> attempt(smtp, id), pause.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    private void attempt(SmtpMailer smtp, String id) {
        try {
            deliver(smtp, id);
            status(id).ifPresent(status -> listener.accept(id, status));
        } catch (RuntimeException e) { // a full disk, say: this mail must not keep the others from being sent
            log.error("mail {} could not be handled", id, e);
            schedule(id, LONGEST_PAUSE);
        }
    }

    private void deliver(SmtpMailer smtp, String id) {
        Progress before = spool.progress(id);
        MimeMessage mail = Eml.read(spool.mail(id));
        List<String> everyone = Eml.recipients(mail);
        List<String> recipients = before.undelivered().isEmpty() ? everyone : before.undelivered();
        int attempts = before.attempts() + 1;
        try {
            smtp.deliver(mail, recipients);
            settle(id, State.SENT, new Progress(attempts, earlier(before), List.of(), before.since()));
        } catch (DeliveryException e) {
            Progress progress = new Progress(attempts, e.getMessage(), e.undelivered(), before.since());
            if (!e.undelivered().isEmpty()) {
                retry(id, progress);
            } else {
                boolean somebodyHasIt = e.delivered() || recipients.size() < everyone.size();
                settle(id, somebodyHasIt ? State.SENT : State.FAILED, progress);
            }
        }
    }

    private static String earlier(Progress before) {
        return before.detail().isEmpty() ? "" : "an earlier attempt: " + before.detail();
    }

    private void retry(String id, Progress progress) {
        Duration pause = pause(progress.attempts());
        if (Instant.now().plus(pause).isAfter(progress.since().plus(config.giveUp()))) {
            String detail = "gave up after attempt " + progress.attempts() + ": " + progress.detail();
            settle(id, State.FAILED, progress.saying(detail));
            return;
        }
        synchronized (this) {
            spool.record(id, progress);
            schedule(id, pause);
        }
        log.warn("mail {} is tried again in {}: {}", id, pause, progress.detail());
    }

    private synchronized void settle(String id, State state, Progress progress) {
        if (state == State.SENT) {
            spool.markSent(id, progress);
        } else {
            spool.markFailed(id, progress);
        }
        nextAttempts.remove(id);
        log.info("mail {} {} {}", id, state, progress.detail());
    }

    private Duration pause(int attempts) {
        Duration doubled = config.retry().multipliedBy(1L << Math.min(attempts - 1, 20));
        Duration longest = config.retry().compareTo(LONGEST_PAUSE) > 0 ? config.retry() : LONGEST_PAUSE;
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "outbox");
        thread.setDaemon(true);
        return thread;
    }
}
