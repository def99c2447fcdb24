package org.ocpu.webapp;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ocpu token}. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Make a new admin token and print it, on the server's machine.",
            "A running server accepts it at once and the one before no longer. Commands that change something take it from"
                    + " OCPU_TOKEN or --token."
        })
final class TokenCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(new AdminToken(data.directory()).renew());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
