package org.ocpu.builder;

import java.net.URI;
import java.time.Instant;

/**
 * Something to tell another server with one HTTP POST, as it is stored; without secrets, which are only added when it is sent.
 *
 * @param owner whose allowance of requests it uses up: an owner with a token of its own, in lower case; empty for all others
 * @param topic what it is about: a newer post replaces all of the same topic that are not sent yet
 * @param body JSON
 * @param expires when it is of no use any more
 */
record Post(Kind kind, String owner, String topic, URI url, String body, Instant expires) {
    private static final int LONGEST_OWNER = 100;
    private static final int LONGEST_TOPIC = 500;
    private static final int LONGEST_URL = 2_000;

    enum Kind {
        STATUS,
        NOTIFICATION
    }

    Post {
        require(owner.length() <= LONGEST_OWNER, "owner");
        require(topic.length() <= LONGEST_TOPIC, "topic");
        require(url.toString().length() <= LONGEST_URL, "address");
    }

    /** For logs: without the address, which can be a secret itself. */
    @Override
    public String toString() {
        return (kind == Kind.STATUS ? "the commit status of " : "the notification of ") + topic;
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalArgumentException("the " + what + " of a post is too long");
        }
    }
}
