package org.ocpu.mailer;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a mail belongs for the programs that show and sort it (RFC 5322, 3.6.4; RFC 2919).
 *
 * <p>Ids are written without their angle brackets, {@code build-7.alice.stocks@r.example.org}; whatever has no place in
 * one is refused, so no header can be smuggled in with it.
 *
 * @param messageId the mail's own; absent: one is made up
 * @param references the mails it follows, oldest first, at most {@link #MOST_REFERENCES}; they need not exist. It answers
 *     the last one
 */
public record MailThread(Optional<String> messageId, List<String> references, Optional<ListId> list) {
    /** A mail that stands alone. */
    public static final MailThread NONE = new MailThread(Optional.empty(), List.of(), Optional.empty());

    static final int MOST_REFERENCES = 20;
    private static final int LONGEST = 900; // with the header's name on a line of at most 998 characters
    private static final String WORDS = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*";
    private static final Pattern MESSAGE_ID = Pattern.compile(WORDS + "@" + WORDS);
    private static final Pattern LIST = Pattern.compile(WORDS);

    /**
     * The list a mail is sent to.
     *
     * @param name for people
     * @param id for programs, ends in the domain of whoever gave it: {@code stocks.alice.ocpu.r.example.org}
     */
    public record ListId(String name, String id) {
        /** Characters of an id (RFC 2919, 3). */
        public static final int LONGEST_ID = 255;

        public ListId {
            require(
                    id.length() <= LONGEST_ID && LIST.matcher(id).matches() && id.contains("."),
                    "not a list's id: ",
                    id);
            require(
                    name.length() <= LONGEST && name.chars().noneMatch(Character::isISOControl),
                    "not a list's name: ",
                    name);
        }
    }

    public MailThread {
        Objects.requireNonNull(list, "list");
        references = List.copyOf(references);
        messageId.ifPresent(MailThread::requireId);
        references.forEach(MailThread::requireId);
        require(references.size() <= MOST_REFERENCES, "too many references: ", Integer.toString(references.size()));
    }

    /** The mail this one answers. */
    Optional<String> inReplyTo() {
        return references.isEmpty() ? Optional.empty() : Optional.of(references.get(references.size() - 1));
    }

    private static void requireId(String id) {
        require(id.length() <= LONGEST && MESSAGE_ID.matcher(id).matches(), "not a mail's id: ", id);
    }

    private static void require(boolean condition, String complaint, String text) {
        if (!condition) {
            throw new IllegalArgumentException(complaint + text.replaceAll("\\p{Cntrl}", "?"));
        }
    }
}
