package org.ocpu.mailer;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * What is known of a mail once its delivery was tried.
 *
 * @param undelivered empty while everybody is still to get it
 * @param since when the time to retry began
 */
record Progress(int attempts, String detail, List<String> undelivered, Instant since) {
    Progress {
        undelivered = List.copyOf(undelivered);
    }

    static Progress none(Instant since) {
        return new Progress(0, "", List.of(), since);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @param queued the beginning when the text does not say
     */
    static Progress of(String text, Instant queued) throws IOException {
        Properties record = new Properties();
        record.load(new StringReader(text));
        String undelivered = record.getProperty("undelivered", "");
        return new Progress(
                Integer.parseInt(record.getProperty("attempts", "0")),
                record.getProperty("detail", ""),
                undelivered.isEmpty() ? List.of() : List.of(undelivered.split(" ", -1)),
                Optional.ofNullable(record.getProperty("since"))
                        .map(Instant::parse)
                        .orElse(queued));
    }

    /** As a file of Java's properties. */
    String text() throws IOException {
        Properties record = new Properties();
        record.setProperty("attempts", Integer.toString(attempts));
        record.setProperty("detail", detail);
        record.setProperty("undelivered", String.join(" ", undelivered));
        record.setProperty("since", since.toString());
        StringWriter text = new StringWriter();
        record.store(text, null);
        return text.toString();
    }

    /** As it stands when someone takes the mail up again. */
    Progress again() {
        return new Progress(0, detail, undelivered, Instant.now());
    }

    Progress saying(String text) {
        return new Progress(attempts, text, undelivered, since);
    }
}
