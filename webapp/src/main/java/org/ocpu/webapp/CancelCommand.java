package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocpu cancel BUILD}. */
@Command(name = "cancel", mixinStandardHelpOptions = true, description = "End a build that waits or runs.")
final class CancelCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ApiOptions api = new ApiOptions();

    @Parameters(paramLabel = "BUILD", description = "its number")
    private long build;

    @Override
    public Integer call() {
        JsonNode answer = api.client().post("/builds/" + build + "/cancel", "");
        PrintWriter out = spec.commandLine().getOut();
        String state = answer.path("state").asText();
        out.println("Build " + build + " of " + answer.path("app").asText()
                + (state.equals("cancelled") ? " is cancelled." : " ends in a moment."));
        out.flush();
        return 0;
    }
}
