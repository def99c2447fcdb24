package org.ocpu.webapp;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code ./ocpu COMMAND}. */
@Command(
        name = "ocpu",
        version = "ocpu " + ApiHeaders.VERSION,
        mixinStandardHelpOptions = true,
        description = "R packages pushed to GitHub, live as an HTTP API and web apps.",
        subcommands = {UpCommand.class, PushCommand.class, BenchCommand.class, TestCommand.class})
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((e, command, result) -> {
            command.getErr().println(command.getColorScheme().errorText(explain(e)));
            return 1;
        });
        if (arguments.length == 0) {
            line.usage(line.getOut());
            System.exit(2);
        }
        System.exit(line.execute(arguments));
    }

    private static String explain(Throwable e) {
        boolean ours =
                e instanceof IllegalArgumentException || e.getClass().getName().startsWith("org.ocpu.");
        return ours && e.getMessage() != null ? e.getMessage() : "Unexpected: " + e;
    }
}
