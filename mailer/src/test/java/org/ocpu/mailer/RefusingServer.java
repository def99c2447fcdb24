package org.ocpu.mailer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An SMTP server that refuses, which GreenMail cannot: each recipient whose local part is three digits gets that code, and
 * so does the whole mail when a line of its text is {@code refuse: CODE}. The recipients it delivered to are listed in order.
 */
final class RefusingServer implements AutoCloseable {
    private static final Map<String, String> ANSWERS =
            Map.of("EHLO", "250 here", "MAIL", "250 ok", "RSET", "250 ok", "QUIT", "221 bye");

    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<String> delivered = new CopyOnWriteArrayList<>();

    RefusingServer() throws IOException {
        Thread thread = new Thread(this::serve, "refusing-smtp");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    List<String> delivered() {
        return delivered;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                converse(
                        new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII)),
                        new PrintWriter(client.getOutputStream(), true, US_ASCII));
            } catch (IOException e) {
                // the client hung up, or the test closed the server
            }
        }
    }

    private void converse(BufferedReader in, PrintWriter out) throws IOException {
        List<String> recipients = new CopyOnWriteArrayList<>();
        say(out, "220 refusing");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String command = line.substring(0, 4).toUpperCase(Locale.ROOT);
            if (command.equals("RCPT")) {
                say(out, recipient(line.replaceAll(".*<|>.*", ""), recipients));
            } else if (command.equals("DATA")) {
                say(out, "354 go on");
                say(out, data(in, recipients));
            } else {
                say(out, ANSWERS.getOrDefault(command, "500 what?"));
            }
        }
    }

    private static String recipient(String address, List<String> recipients) {
        String local = address.substring(0, address.indexOf('@'));
        if (local.matches("\\d{3}")) {
            return local + " not " + address;
        }
        recipients.add(address);
        return "250 ok";
    }

    private String data(BufferedReader in, List<String> recipients) throws IOException {
        String answer = "250 taken";
        for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
            if (line.startsWith("refuse: ")) {
                answer = line.substring(8) + " not this mail";
            }
        }
        if (answer.startsWith("250")) {
            delivered.addAll(recipients);
        }
        return answer;
    }

    private static void say(PrintWriter out, String line) {
        out.print(line + "\r\n");
        out.flush();
    }
}
