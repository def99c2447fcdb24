package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ocpu.mailer.MailThread;

class MailIdsTest extends QueueFixture {
    private static final URI SITE = URI.create("https://R.example.org:8004");

    @ParameterizedTest
    @CsvSource({
        "Alice/Stocks, https://R.example.org:8004, alice.stocks@r.example.org",
        "Alice/Stocks/pkg, https://r.example.org, alice.stocks/pkg@r.example.org",
        "Alice/Stocks@pr-7, https://r.example.org, alice.stocks+pr-7@r.example.org",
        "Alice/Stocks@fix~it, https://r.example.org, alice.stocks+fix~it@r.example.org",
        "alice/.github, https://r.example.org, alice.=.github@r.example.org",
        "alice/a..b., https://r.example.org, alice.a.=.b.=@r.example.org",
        "alice/stocks, http://127.0.0.1:8004, alice.stocks@127.0.0.1",
        "alice/stocks, http://[::1]:8004, alice.stocks@--1",
        "alice/stocks, http://r_server:8004, alice.stocks@localhost"
    })
    void everyNameAndHostMakesIds(String app, URI site, String id) {
        Build build = add(app, 'a');
        MailThread thread = MailIds.of(build.app(), site).thread(build);
        assertEquals(Optional.of("build-" + build.id() + "." + id), thread.messageId());
        assertEquals(List.of("builds." + id), thread.references());
        assertTrue(thread.list().isPresent());
    }

    @Test
    void anAppIsAListBelowTheHost() {
        Build build = add("Alice/Stocks", 'a');
        assertEquals(
                Optional.of(new MailThread.ListId("builds of Alice/Stocks", "stocks.alice.ocpu.r.example.org")),
                MailIds.of(build.app(), SITE).thread(build).list());
    }

    @Test
    void namesTooLongForAListStillThread() {
        String long100 = "r".repeat(100);
        Build build = add("a".repeat(39) + "/" + long100 + "/" + long100 + "@" + long100, 'a');
        MailThread thread = MailIds.of(build.app(), SITE).thread(build);
        assertEquals(Optional.empty(), thread.list());
        assertTrue(thread.messageId().isPresent());
    }
}
