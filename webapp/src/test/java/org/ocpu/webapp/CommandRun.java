package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** What a command printed and how it ended. */
record CommandRun(int code, String out, String err) {

    /** Runs a command on a server's data directory, from which it knows the address. */
    static CommandRun of(TestServer server, String... arguments) {
        return of(server.data.path(), arguments);
    }

    /** Runs a command on a data directory. */
    static CommandRun of(Path data, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--data", data.toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.line();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        int code = line.execute(all.toArray(String[]::new));
        return new CommandRun(code, out.toString().strip(), err.toString().strip());
    }

    /** The same of somebody who shows the admin token. */
    static CommandRun withToken(String token, TestServer server, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--token", token));
        return of(server, all.toArray(String[]::new));
    }

    CommandRun succeeded() {
        assertEquals(0, code, toString());
        return this;
    }
}
