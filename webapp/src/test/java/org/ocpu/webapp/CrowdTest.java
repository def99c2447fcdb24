package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More requests at once than threads are to be held by. */
@Timeout(120)
class CrowdTest {
    private static final String MANY = "127.0.0.2";
    private static final int MOST_OF_ONE = 100;

    private final Semaphore held = new Semaphore(0);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<Socket> sockets = new ArrayList<>();
    private Server server;
    private ServerConnector connector;

    @BeforeEach
    void start() throws Exception {
        Crowd crowd = new Crowd(0);
        crowd.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                if (Request.getPathInContext(request).equals("/held")) {
                    held.release();
                    gate.await();
                }
                Content.Sink.write(response, true, "done", callback);
                return true;
            }
        });
        server = new Server(crowd.threads());
        connector = new ServerConnector(server);
        server.addConnector(connector);
        server.setHandler(crowd);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        gate.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        server.stop();
    }

    private Socket ask(String client, String request) throws IOException {
        Socket socket = new Socket("127.0.0.1", connector.getLocalPort(), InetAddress.getByName(client), 0);
        sockets.add(socket);
        socket.getOutputStream()
                .write((request + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private String answer(String client, String request) throws IOException {
        return answer(ask(client, request));
    }

    @Test
    void whoeverIsTooManyIsToldSoWithoutBeingHandledAndOthersAreServed() throws Exception {
        List<Socket> first = new ArrayList<>();
        for (int i = 0; i < MOST_OF_ONE; i++) {
            first.add(ask(MANY, "GET /held"));
        }
        assertTrue(held.tryAcquire(MOST_OF_ONE, 60, TimeUnit.SECONDS));
        String refusal = answer(MANY, "GET /held");
        refused(refusal);
        assertTrue(refusal.contains("Too many requests of yours"), refusal);
        refused(answer(MANY, "POST /other"));
        String bare = answer(MANY, "HEAD /other");
        refused(bare);
        assertTrue(bare.endsWith("\r\n\r\n"), bare);
        assertFalse(held.tryAcquire(), "it was handled");
        assertTrue(answer(MANY, "GET /health/live").endsWith("done"));
        assertTrue(answer("127.0.0.3", "GET /other").endsWith("done"));
        gate.countDown();
        for (Socket one : first) {
            assertTrue(answer(one).endsWith("done"));
        }
        assertTrue(answer(MANY, "GET /other").endsWith("done"), "those that have ended still count");
    }

    private static void refused(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
        for (String header : List.of("Retry-After: 1", "Connection: close", "X-Content-Type-Options: nosniff")) {
            assertEquals(2, answer.split("\r\n" + header + "\r\n", -1).length, answer);
        }
    }
}
