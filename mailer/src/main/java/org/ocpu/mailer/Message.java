package org.ocpu.mailer;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One mail: a text, and for programs that show it the same as HTML.
 *
 * <p>Addresses are bare ({@code someone@example.org}, ASCII, no display name). A header with a line break or another
 * control character, and a mail to nobody, are refused, so no caller can smuggle in headers or recipients. The text may
 * hold anything; its line ends are normalised when it is sent.
 */
public record Message(
        String from,
        List<String> to,
        List<String> cc,
        String subject,
        String text,
        Optional<String> html,
        MailThread thread) {
    private static final int LONGEST_ADDRESS = 254; // RFC 5321, 4.5.3.1.3, without the angle brackets

    public Message {
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        requireAddress(from);
        recipients(to, cc).forEach(Message::requireAddress);
        require(!to.isEmpty(), "a mail needs a recipient");
        require(subject.chars().noneMatch(Character::isISOControl), "control character in the subject of a mail");
        require(text != null, "a mail needs a text");
        Objects.requireNonNull(html, "html");
        Objects.requireNonNull(thread, "thread");
    }

    /** A mail of text alone that belongs to no thread. */
    public Message(String from, List<String> to, List<String> cc, String subject, String text) {
        this(from, to, cc, subject, text, Optional.empty(), MailThread.NONE);
    }

    /** Whether this can be used as an address here; ask before trusting one that came from outside. */
    public static boolean isAddress(String text) {
        if (text.length() > LONGEST_ADDRESS || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
            return false;
        }
        try {
            InternetAddress address = new InternetAddress(text, true);
            return address.getAddress().equals(text) && !address.isGroup() && text.indexOf('@') > 0;
        } catch (AddressException e) {
            return false;
        }
    }

    /** Everyone this mail goes to: first {@code to}, then {@code cc}. */
    List<String> recipients() {
        return recipients(to, cc);
    }

    private static List<String> recipients(List<String> to, List<String> cc) {
        List<String> all = new ArrayList<>(to);
        all.addAll(cc);
        return all;
    }

    private static void requireAddress(String address) {
        require(isAddress(address), "not a mail address: " + address.replaceAll("\\p{Cntrl}", "?"));
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException(complaint);
        }
    }
}
