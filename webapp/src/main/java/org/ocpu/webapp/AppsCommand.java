package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocpu apps}. */
@Command(name = "apps", mixinStandardHelpOptions = true, description = "List the apps of a running server, by name.")
final class AppsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ApiOptions api = new ApiOptions();

    @Option(names = "--json", description = "as JSON, with all that is known")
    private boolean json;

    @Override
    public Integer call() {
        List<JsonNode> apps = api.client().list("/apps", Integer.MAX_VALUE);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonLines.print(apps, out);
        } else if (apps.isEmpty()) {
            out.println("No apps.");
        } else {
            print(apps, out);
        }
        out.flush();
        return 0;
    }

    private static void print(List<JsonNode> apps, PrintWriter out) {
        Ago ago = new Ago(Instant.now());
        TextTable table = new TextTable("APP", "PACKAGE", "VERSION", "BUILD", "COMMIT", "PUBLISHED", "SIZE");
        for (JsonNode app : apps) {
            JsonNode live = app.path("live");
            String commit = live.path("commit").asText();
            table.row(
                    app.path("app").asText(),
                    app.path("package").asText(),
                    live.path("version").asText(),
                    live.path("build").asText(),
                    commit.substring(0, Math.min(7, commit.length())),
                    ago.of(Instant.parse(live.path("publishedAt").asText())),
                    String.format(Locale.ROOT, "%.1f MB", app.path("bytes").asLong() / 1e6));
        }
        table.print(out);
    }
}
