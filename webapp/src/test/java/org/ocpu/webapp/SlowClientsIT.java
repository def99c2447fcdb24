package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send little by little, or nothing, or do not take their answer: they are let go of, and others are answered. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SlowClientsIT {
    private static final String IDENTITY = "/ocpu/library/base/R/identity/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir
    static Path directory;

    private static TestServer server;
    private static ErrorLog errors;

    @BeforeAll
    static void start() {
        errors = new ErrorLog();
        server = new TestServer(
                directory,
                Map.of("http.idle", "1", "http.minrate", "50000", "http.connections", "160", "timelimit.post", "60"));
    }

    @AfterAll
    static void stop() {
        server.close();
        assertEquals(List.of(), errors.stopAndGet(), "slow clients are no errors of the server");
    }

    @AfterEach
    void othersAreAnswered() {
        assertEquals("[1]", text(server.anew().call(IDENTITY, "x", "1")));
    }

    private static Socket connect() throws IOException {
        return connect("127.0.0.1");
    }

    private static Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(
                server.server.address().getHost(), server.server.address().getPort()));
        return socket;
    }

    private static String post(String type, int length) {
        return post(IDENTITY, type, length);
    }

    private static String post(String path, String type, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + type + "\r\nContent-Length: " + length
                + "\r\n\r\n";
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Sends a byte again and again, each when the server had 200 ms to hang up; what it answered. */
    private static String drip(Socket socket, char drop) throws IOException {
        socket.setSoTimeout(200);
        StringBuilder answer = new StringBuilder();
        OutputStream out = socket.getOutputStream();
        while (true) {
            try {
                int read = socket.getInputStream().read();
                if (read < 0) {
                    return answer.toString();
                }
                answer.append((char) read);
            } catch (java.net.SocketTimeoutException notYet) {
                out.write(drop);
            } catch (SocketException hungUp) {
                return answer.toString();
            }
        }
    }

    @Test
    void aHeaderThatComesByteByByteIsNotWaitedFor() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "GET /ocpu/info HTTP/1.1\r\nHost: a\r\nX-Long: ");
            assertEquals("", drip(socket, 'x'));
        }
    }

    @Test
    void theHeaderOfALaterRequestIsNotWaitedForEither() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "GET /ocpu/info HTTP/1.1\r\nHost: a\r\n\r\nGET /");
            assertFalse(drip(socket, 'x').contains("HTTP/1.1 4"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FORM, "application/json", "multipart/form-data; boundary=b"})
    void aBodyThatDoesNotComeIs408(String type) throws IOException {
        try (Socket socket = connect()) {
            send(socket, post(type, 50_000));
            refused(rest(socket), 408, "http.idle = 1 s");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FORM, "application/json", "multipart/form-data; boundary=b"})
    void aBodyThatComesByteByByteIs408(String type) throws IOException {
        try (Socket socket = connect()) {
            send(
                    socket,
                    post(type, 50_000) + "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n" + "1".repeat(18_000));
            refused(drip(socket, '1'), 408, "http.minrate = 50000");
        }
    }

    @Test
    void anAddressThatEndsLikeThoseOfEventsChangesNothing() throws IOException {
        try (Socket socket = connect()) {
            send(socket, post("/ocpu/library/base/R/identity/events", FORM, 50_000) + "1".repeat(18_000));
            refused(drip(socket, '1'), 408, "http.minrate = 50000");
        }
    }

    @Test
    void clientsWithoutABodyHoldNoThread() throws IOException {
        List<Socket> silent = new ArrayList<>();
        int before = busy();
        for (int i = 0; i < 30; i++) {
            Socket socket = connect();
            silent.add(socket);
            send(socket, post(FORM, 100));
        }
        assertEquals("[1]", text(server.anew().call(IDENTITY, "x", "1")));
        assertTrue(busy() <= before + 5, "before " + before + ", now " + busy());
        for (Socket socket : silent) {
            refused(rest(socket), 408, "http.idle");
            socket.close();
        }
    }

    /** Threads that wait for a body. */
    private static int busy() {
        return (int) Thread.getAllStackTraces().values().stream()
                .filter(stack -> List.of(stack).toString().contains(CallReader.class.getName()))
                .count();
    }

    @Test
    void anAnswerThatIsNotTakenIsGivenUp() throws Exception {
        String session = server.anew().session("{writeBin(raw(1e8), 'large'); 1}");
        try (Socket socket = connect()) {
            send(socket, "GET " + session + "files/large HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals('H', socket.getInputStream().read());
            assertTrue(TestServer.within(() -> answering() == 0), "it is still being sent");
            long got = rest(socket).length();
            assertTrue(got < 50_000_000, "the whole answer was sent");
        }
    }

    /** Threads that send a large answer. */
    private static long answering() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> List.of(stack).toString().contains(Ranges.class.getName()))
                .count();
    }

    @Test
    void aCallMayTakeLongerThanAClientMay() throws IOException {
        try (Socket socket = connect()) {
            send(socket, post(FORM, 22).replace("Host: a", "Host: a\r\nConnection: close") + "x={Sys.sleep(2); 21*2}");
            String answer = rest(socket);
            assertTrue(answer.startsWith("HTTP/1.1 201") && answer.contains("[42]"), answer);
        }
    }

    @Test
    void aHeaderThatIsTooLongIs431AndAnAddress414() throws IOException {
        for (String request :
                List.of("GET /?" + "a".repeat(20_000), "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(20_000))) {
            try (Socket socket = connect()) {
                send(socket, request + "\r\n\r\n");
                String answer = rest(socket);
                assertTrue(answer.startsWith(request.contains("X:") ? "HTTP/1.1 431" : "HTTP/1.1 414"), answer);
            }
        }
    }

    @Test
    void connectionsBeyondTheBoundWaitUntilOthersEnd() throws IOException {
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            held.add(connect("127.0.1." + i / 40)); // the kernel takes in what the server does not accept yet
        }
        try (Socket last = connect()) {
            send(last, "GET /ocpu/info HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertTrue(rest(last).startsWith("HTTP/1.1 200"), "those before it send nothing, and are let go of");
        }
        for (Socket socket : held) {
            socket.close();
        }
    }

    private static void refused(String answer, int status, String part) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.contains(part), answer);
        server.assertTellsNothing(answer);
    }
}
