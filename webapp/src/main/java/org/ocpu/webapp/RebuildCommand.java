package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.ocpu.builder.AppName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocpu rebuild BUILD} or {@code ocpu rebuild OWNER/REPO}. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = "Build a commit again: that of a build, or that of an app's newest build.")
final class RebuildCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ApiOptions api = new ApiOptions();

    @Option(names = "--follow", description = "wait for its end and print its stages")
    private boolean follow;

    @Parameters(paramLabel = "BUILD|OWNER/REPO", description = "the number of a build, or the name of an app")
    private String what = "";

    @Override
    public Integer call() {
        String path = path();
        ApiClient client = api.client();
        JsonNode build = client.post(path + "/rebuild", "");
        PrintWriter out = spec.commandLine().getOut();
        out.println("Build " + build.path("build").asText() + " of "
                + build.path("app").asText() + ": " + client.server()
                + build.path("url").asText());
        out.flush();
        return follow ? follow(client, build, out) : 0;
    }

    private String path() {
        if (what.matches("\\d{1,18}")) {
            return "/builds/" + what;
        }
        try {
            return "/apps/" + AppName.parse(what);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "Neither the number of a build nor the name of an app: " + what, e);
        }
    }

    private static int follow(ApiClient client, JsonNode build, PrintWriter out) {
        BuildFollower follower = new BuildFollower(client.server(), new Stages(out));
        return follower.call(build.path("build").asLong())
                        .path("state")
                        .asText()
                        .equals("succeeded")
                ? 0
                : 1;
    }
}
