package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ocpu.builder.AppName;
import org.ocpu.builder.State;
import org.ocpu.builder.Words;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ocpu builds}. */
@Command(
        name = "builds",
        mixinStandardHelpOptions = true,
        description = "List builds of a running server, newest first.")
final class BuildsCommand implements Callable<Integer> {
    private static final int PAGE = 200;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ApiOptions api = new ApiOptions();

    @Option(names = "--app", paramLabel = "OWNER/REPO", description = "only of this app")
    private Optional<AppName> app = Optional.empty();

    @Option(names = "--owner", description = "only of this owner's apps")
    private Optional<String> owner = Optional.empty();

    @Option(names = "--state", description = "only in this state: ${COMPLETION-CANDIDATES}, in any case")
    private Optional<State> state = Optional.empty();

    @Option(names = "-n", paramLabel = "COUNT", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int count = 20;

    @Option(names = "--json", description = "as JSON, with all that is known")
    private boolean json;

    @Override
    public Integer call() {
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "-n is to be at least 1, not " + count);
        }
        List<JsonNode> builds = api.client().list("/builds?" + query(), count);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonLines.print(builds, out);
        } else if (builds.isEmpty()) {
            out.println("No builds.");
        } else {
            print(builds, out);
        }
        out.flush();
        return 0;
    }

    private String query() {
        StringBuilder query = new StringBuilder("limit=" + Math.min(count, PAGE));
        app.ifPresent(name -> query.append("&app=").append(UrlEncodedForm.segment(name.toString())));
        owner.ifPresent(name -> query.append("&owner=").append(UrlEncodedForm.segment(name)));
        state.ifPresent(name -> query.append("&state=").append(name.label()));
        return query.toString();
    }

    private static void print(List<JsonNode> builds, PrintWriter out) {
        Ago ago = new Ago(Instant.now());
        TextTable table = new TextTable("BUILD", "STATE", "APP", "COMMIT", "BRANCH", "BY", "QUEUED", "TOOK", "MESSAGE");
        for (JsonNode build : builds) {
            table.row(
                    build.path("build").asText(),
                    state(build),
                    build.path("app").asText(),
                    text(build, "commit", 7),
                    text(build, "branch", 20),
                    text(build, "pusher", 20),
                    ago.of(instant(build, "queuedAt")),
                    took(build),
                    text(build, "message", 60));
        }
        table.print(out);
    }

    private static String state(JsonNode build) {
        String newer =
                build.has("supersededBy") ? " by #" + build.path("supersededBy").asText() : "";
        String stage =
                build.has("failedStage") ? " at " + build.path("failedStage").asText() : "";
        return build.path("state").asText() + newer + stage;
    }

    private static String took(JsonNode build) {
        if (!build.has("startedAt") || !build.has("finishedAt")) {
            return "";
        }
        return Words.time(Duration.between(instant(build, "startedAt"), instant(build, "finishedAt")));
    }

    private static Instant instant(JsonNode build, String name) {
        return Instant.parse(build.path(name).asText());
    }

    private static String text(JsonNode build, String name, int longest) {
        String text = build.path(name).asText();
        return text.substring(0, text.offsetByCodePoints(0, Math.min(longest, text.codePointCount(0, text.length()))));
    }
}
