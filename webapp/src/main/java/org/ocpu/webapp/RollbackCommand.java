package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ocpu.builder.AppName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocpu rollback OWNER/REPO [BUILD]}. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = "Make another version of an app live: that of a build, or the newest before the live one.")
final class RollbackCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ApiOptions api = new ApiOptions();

    @Parameters(index = "0", paramLabel = "OWNER/REPO", description = "the app")
    private AppName app;

    @Parameters(index = "1", arity = "0..1", paramLabel = "BUILD", description = "the build that made the version")
    private Optional<Long> version = Optional.empty();

    @Override
    public Integer call() {
        String body = version.map(build -> "{\"version\": " + build + "}").orElse("{}");
        JsonNode live = api.client().post("/apps/" + app + "/rollback", body).path("live");
        PrintWriter out = spec.commandLine().getOut();
        out.println(app + " " + live.path("version").asText() + " of build "
                + live.path("build").asText() + " is live.");
        out.flush();
        return 0;
    }
}
