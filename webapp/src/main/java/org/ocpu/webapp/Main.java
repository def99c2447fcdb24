package org.ocpu.webapp;

import org.ocpu.builder.AppName;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.TypeConversionException;

/** The command line: {@code ./ocpu COMMAND}. */
@Command(
        name = "ocpu",
        version = "ocpu " + ApiHeaders.VERSION,
        mixinStandardHelpOptions = true,
        description = "R packages pushed to GitHub, live as an HTTP API and web apps.",
        subcommands = {
            UpCommand.class,
            PushCommand.class,
            BuildsCommand.class,
            AppsCommand.class,
            RebuildCommand.class,
            CancelCommand.class,
            RollbackCommand.class,
            RemoveCommand.class,
            SyncCommand.class,
            OutboxCommand.class,
            TokenCommand.class,
            PasswordCommand.class,
            BenchCommand.class,
            TestCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = line();
        if (arguments.length == 0) {
            line.usage(line.getOut());
            System.exit(2);
        }
        System.exit(line.execute(arguments));
    }

    /** The commands; 0 is their exit code for success, 1 for failure, 2 for what they do not understand. */
    static CommandLine line() {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(AppName.class, Main::app);
        line.setExecutionExceptionHandler((e, command, result) -> {
            command.getErr().println(command.getColorScheme().errorText(explain(e)));
            return 1;
        });
        return line;
    }

    private static AppName app(String text) {
        try {
            return AppName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static String explain(Throwable e) {
        boolean ours =
                e instanceof IllegalArgumentException || e.getClass().getName().startsWith("org.ocpu.");
        return ours && e.getMessage() != null ? e.getMessage() : "Unexpected: " + e;
    }
}
