package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The mail about a build that nobody took at first, on a server that was told no port and no public address. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ParkedMailIT {
    @TempDir
    Path directory;

    private GreenMail smtp;
    private TestServer server;
    private String token;

    @BeforeEach
    void startWithoutASmtpServer() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        smtp = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server = new TestServer(
                directory.resolve("data"),
                Map.of(
                        "smtp.host",
                        "127.0.0.1",
                        "smtp.port",
                        Integer.toString(port),
                        "mail.retry",
                        "1",
                        "mail.giveup",
                        "1"));
        token = new AdminToken(server.data).renew();
    }

    @AfterEach
    void stop() {
        server.close();
        smtp.stop();
    }

    /** The mails that were given up, as soon as there is one. */
    private JsonNode parked() {
        Instant deadline = Instant.now().plusSeconds(30);
        JsonNode mails = outbox();
        while (mails.isEmpty() && Instant.now().isBefore(deadline)) {
            mails = outbox();
        }
        assertEquals(1, mails.size(), "the mail was not given up");
        return mails;
    }

    @Test
    void aMailThatWasGivenUpIsListedAndSentAgainAndItsLinksNameTheRealPort() throws Exception {
        Path source = SmallPackage.commit(directory.resolve("tiny"), "1.0", "answer <- function() 1\n");
        server.publish("Ada", "tiny", source);
        JsonNode mail = parked().get(0);
        assertEquals("[\"ada@example.org\"]", mail.path("recipients").toString());
        assertTrue(mail.path("subject").asText().contains("Ada/tiny"), mail.toString());
        assertTrue(mail.path("why").asText().contains("Connection refused"), mail.toString());
        assertEquals(1, mail.path("attempts").asInt());
        assertFalse(Instant.parse(mail.path("queuedAt").asText()).isAfter(Instant.now()), mail.toString());

        String id = mail.path("id").asText();
        String table = ocpu("outbox");
        assertTrue(table.matches("(?s)ID +QUEUED .*\n" + id + " +.* 1 +ada@example.org +.*Ada/tiny.*"), table);
        smtp.start();
        assertEquals("Mail " + id + " is sent again.", ocpu("outbox", "--resend", id));
        assertTrue(smtp.waitForIncomingEmail(20_000, 1), "the mail did not come");
        String body = GreenMailUtil.getBody(smtp.getReceivedMessages()[0]).replace("=\r\n", "");
        assertTrue(body.contains(server.server.address() + "/builds/1"), body);
        assertEquals("No mail was given up.", ocpu("outbox"));

        String feed = text(server.get("/ocpu/apps/ada/builds.atom"));
        assertTrue(feed.contains(server.server.address() + "/builds/1"), feed);
    }

    private JsonNode outbox() {
        return new ApiClient(server.server.address(), Optional.of(token)).get("/outbox");
    }

    private String ocpu(String... arguments) {
        return CommandRun.withToken(token, server, arguments).succeeded().out();
    }
}
