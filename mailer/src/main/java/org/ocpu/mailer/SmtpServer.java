package org.ocpu.mailer;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The server mails are handed to.
 *
 * @param login absent for a server that asks for none
 * @param starttls whether the connection must be encrypted before anything is said; a server without STARTTLS is then
 *     refused
 * @param timeout how long to wait for the server at each step
 */
public record SmtpServer(String host, int port, Optional<Login> login, boolean starttls, Duration timeout) {

    /** A user and a password; the password is never printed. */
    public record Login(String user, String password) {
        public Login {
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(password, "password");
        }

        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }

    public SmtpServer {
        Objects.requireNonNull(login, "login");
        if (host.isBlank()) {
            throw new IllegalArgumentException("an SMTP server needs a host");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        MailerConfig.requirePositive("timeout", timeout);
    }
}
