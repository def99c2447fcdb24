package org.ocpu.webapp;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocpu password}. */
@Command(
        name = "password",
        mixinStandardHelpOptions = true,
        description = {
            "Make an entry for the auth settings: of a user, whose password is asked for, or of a new token with --token.",
            "The password is read from the terminal, twice, or as a line from standard input; never from the command line."
        })
final class PasswordCommand implements Callable<Integer> {
    private static final int SHORTEST = 8;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "USER", description = "the name that goes with the password")
    private String user;

    @Option(names = "--token", description = "make a token, which is printed once, and its entry")
    private boolean token;

    @Override
    public Integer call() {
        if (token == (user != null)) {
            throw new WebappException("Give either the name of a user, or --token.");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (token) {
            String made = SecretHash.token();
            out.println("Token, shown only here: " + made);
            out.println("bearer " + SecretHash.ofToken(made).text());
        } else {
            if (!user.matches("[^\\s:,\"]{1,100}")) {
                throw new WebappException("A user's name has no space, colon, comma or quote.");
            }
            out.println("basic " + user + ":" + SecretHash.ofPassword(asked()).text());
        }
        out.flush();
        return 0;
    }

    private static String asked() {
        String password = Optional.ofNullable(System.console())
                .map(PasswordCommand::typed)
                .or(PasswordCommand::line)
                .orElse("");
        if (password.length() < SHORTEST) {
            throw new WebappException("A password has at least " + SHORTEST + " characters.");
        }
        return password;
    }

    /** Twice, since it is not shown. Newer Java has a console also where there is no terminal: input ends after a line there. */
    private static String typed(Console console) {
        char[] first = console.readPassword("Password: ");
        char[] again = first == null ? null : console.readPassword("Again: ");
        if (again != null && !Arrays.equals(first, again)) {
            throw new WebappException("These were two different passwords.");
        }
        return first == null ? "" : new String(first);
    }

    private static Optional<String> line() {
        try {
            return Optional.ofNullable(
                    new BufferedReader(new InputStreamReader(System.in, java.nio.charset.StandardCharsets.UTF_8))
                            .readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
