package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocpu push OWNER/REPO PATH}. */
@Command(
        name = "push",
        mixinStandardHelpOptions = true,
        description = {
            "Send a local package to a running server on this machine.",
            "It goes the way a push to GitHub comes: a git repository, a signed delivery to the webhook, the normal build."
                    + " A git repository is sent as its HEAD commit, any other directory as its files are now."
        })
final class PushCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOption at = new ServerOption();

    @Parameters(paramLabel = "OWNER/REPO", description = "the app's name; it will be at /ocpu/apps/OWNER/REPO/")
    private String app = "";

    @Parameters(paramLabel = "PATH", description = "directory of an R package or of a git repository that holds one")
    private Path path = Path.of(".");

    @Override
    public Integer call() {
        String[] names = app.split("/", -1);
        if (names.length != 2 || names[0].isEmpty() || names[1].isEmpty()) {
            throw new ParameterException(spec.commandLine(), "OWNER/REPO is two names and a slash, not '" + app + "'");
        }
        Logs.toConsole();
        PrintWriter out = spec.commandLine().getOut();
        URI server = at.address();
        Publishing publishing = new Publishing(at.directory(), server, new Stages(out));
        JsonNode build = publishing.call(names[0], names[1], path);
        boolean succeeded = build.path("state").asText().equals("succeeded");
        out.println();
        if (succeeded) {
            out.println("Live at " + publishing.app(names[0], names[1]));
        } else {
            out.println(build.path("failure")
                    .asText("The build " + build.path("state").asText() + "."));
            out.println("Its log: " + server + build.path("url").asText());
        }
        out.flush();
        return succeeded ? 0 : 1;
    }
}
