package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocpu sync [NAME] [--dry-run]}. */
@Command(
        name = "sync",
        mixinStandardHelpOptions = true,
        description = "Bring libraries in sync with their repositories now, one sync after the other, and follow it.")
final class SyncCommand implements Callable<Integer> {
    /** That repositories may need to tell what they have. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ApiOptions api = new ApiOptions();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "only this one of the configured syncs")
    private Optional<String> name = Optional.empty();

    @Option(names = "--dry-run", description = "only show what would change")
    private boolean dryRun;

    @Option(names = "--json", description = "as JSON, at the end, with all that is known")
    private boolean json;

    @Override
    public Integer call() {
        name.filter(text -> !text.matches("[a-z][a-z0-9-]*")).ifPresent(text -> {
            throw new ParameterException(spec.commandLine(), "Not the name of a sync: " + text);
        });
        ApiClient client = api.client();
        PrintWriter out = spec.commandLine().getOut();
        List<JsonNode> all = new ArrayList<>();
        for (String sync : names(client)) {
            all.add(dryRun ? plan(client, sync, out) : run(client, sync, out));
        }
        if (json) {
            JsonLines.print(all, out);
        }
        out.flush();
        return all.stream().allMatch(dryRun ? SyncCommand::canBeHad : SyncCommand::succeeded) ? 0 : 1;
    }

    private List<String> names(ApiClient client) {
        List<String> names = name.map(List::of).orElseGet(() -> client.list("/syncs", Integer.MAX_VALUE).stream()
                .map(sync -> sync.path("sync").asText())
                .toList());
        if (names.isEmpty()) {
            throw new WebappException("No sync is configured. A line in the server's ocpu.conf makes one:"
                    + " sync.cran.packages: ggplot2, dplyr");
        }
        return names;
    }

    /** A repository that is down does not keep the other syncs from being shown. */
    private JsonNode plan(ApiClient client, String sync, PrintWriter out) {
        JsonNode plan = planned(client, sync);
        if (!json) {
            new SyncPlanText(plan).print(out);
        }
        return plan;
    }

    private static JsonNode planned(ApiClient client, String sync) {
        try {
            return client.get("/syncs/" + sync + "/plan", PATIENCE);
        } catch (GatewayException e) {
            return JsonNodeFactory.instance.objectNode().put("sync", sync).put("problem", e.getMessage());
        }
    }

    private JsonNode run(ApiClient client, String sync, PrintWriter out) {
        JsonNode run = client.post("/syncs/" + sync + "/run", "");
        if (!json) {
            out.println("Sync " + sync + ", run " + run.path("run").asText() + ": " + client.server()
                    + run.path("url").asText());
            out.flush();
        }
        return new RunFollower(client, json ? Optional.empty() : Optional.of(out))
                .call(run.path("run").asLong());
    }

    private static boolean succeeded(JsonNode run) {
        return run.path("state").asText().equals("succeeded");
    }

    private static boolean canBeHad(JsonNode plan) {
        return !plan.has("problem")
                && StreamSupport.stream(plan.path("changes").spliterator(), false)
                        .noneMatch(change -> change.path("action").asText().equals("fail"));
    }
}
