package org.ocpu.webapp;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ocpu.builder.AppName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocpu remove OWNER/REPO}. */
@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        description = "Take an app with all its versions off the server. A later push brings it back.")
final class RemoveCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ApiOptions api = new ApiOptions();

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Parameters(paramLabel = "OWNER/REPO", description = "the app")
    private AppName app;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (!yes && !confirmed()) {
            out.println("Nothing was removed.");
            out.flush();
            return 1;
        }
        api.client().delete("/apps/" + app);
        out.println(app + " is removed.");
        out.flush();
        return 0;
    }

    /** Newer Java has a console also where there is no terminal; then there is no answer. */
    private boolean confirmed() {
        return Optional.ofNullable(System.console())
                .map(terminal -> terminal.readLine("Remove %s with all its versions? [y/N] ", app))
                .map(answer -> answer.strip().toLowerCase(Locale.ROOT).startsWith("y"))
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "Nobody can be asked here; --yes removes " + app + "."));
    }
}
