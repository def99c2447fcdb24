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
        Publishing.Outcome outcome = publishing.call(names[0], names[1], path);
        URI address = publishing.app(names[0], names[1]);
        out.println();
        boolean live = outcome.known() ? known(outcome.build(), address, out) : built(outcome.build(), address, out);
        out.flush();
        return live ? 0 : 1;
    }

    private boolean built(JsonNode build, URI address, PrintWriter out) {
        boolean succeeded = build.path("state").asText().equals("succeeded");
        if (succeeded) {
            out.println("Live at " + address);
        } else {
            String state = build.path("state").asText();
            out.println(build.path("failure").asText("The build was " + state + "."));
            out.println("Its log: " + at.address() + build.path("url").asText());
        }
        return succeeded;
    }

    /** Says what became of the commit, which had been built before; whether it is live. */
    private boolean known(JsonNode build, URI address, PrintWriter out) {
        String id = build.path("build").asText();
        String live = new ApiClient(at.address(), ApiOptions.environment())
                .get("/apps/" + app)
                .path("live")
                .path("build")
                .asText();
        String again = "./ocpu rebuild " + id + " builds it again";
        if (live.equals(id)) {
            out.println("Already live as build #" + id + "; " + again + ".");
            out.println(address);
            return true;
        }
        out.println("Already built as build #" + id + ", but build #" + live + " is live; ./ocpu rollback " + app + " "
                + id + " makes it live, " + again + ".");
        return false;
    }
}
