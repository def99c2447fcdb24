package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.ocpu.builder.BuilderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocpu up}: the server, until Ctrl-C. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Start the server. When no app is installed yet, publish the sample apps by real pushes.",
            "Ctrl-C stops it once what runs is done, or shutdown.grace is over; once more stops everything at once."
        })
final class UpCommand implements Callable<Integer> {
    private static final String OWNER = "ocpu";

    /** Published at the first start; of the first one all stages are shown. */
    private static final List<String> SAMPLES = List.of("hello", "geyser", "explore");

    /** What shells tell of a process that SIGINT has ended. */
    private static final int ENDED_BY_CTRL_C = 130;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--host", description = "address to listen on (default: 127.0.0.1, this machine only)")
    private Optional<String> host = Optional.empty();

    @Option(names = "--port", description = "port to listen on (default: 8004)")
    private Optional<Integer> port = Optional.empty();

    @Option(names = "--no-demo", description = "do not publish the sample apps")
    private boolean noDemo;

    /** Read by the launcher, before this program is there. */
    @Option(
            names = "--with-latex",
            description = "first install LaTeX, which .tex and .rnw scripts and manuals as PDF need (about 500 MB)")
    @SuppressWarnings("UnusedVariable")
    private boolean withLatex;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Stages stages = new Stages(out);
        DataDirectory directory = data.directory();
        Logs.into(directory.path().resolve("logs"));
        Tls.trust(directory.settings());
        Server server = Server.start(directory, overrides());
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
        Signals.onStop(() -> stopped.complete(null), () -> Runtime.getRuntime().halt(ENDED_BY_CTRL_C));
        stages.done("server started");
        CompletableFuture<Optional<String>> demo =
                CompletableFuture.supplyAsync(() -> demo(server, directory, stages), UpCommand::aside);
        CompletableFuture.anyOf(demo, stopped).join();
        if (!stopped.isDone()) {
            demo.join().ifPresent(failure -> out.println("The sample app " + failure));
            addresses(server, out);
            new AdminToken(directory).first().ifPresent(token -> tell(token, out));
            out.println("Ctrl-C stops the server.");
            out.flush();
        }
        stopped.join();
        server.drain(what -> {
            out.println(what + " Ctrl-C again ends them.");
            out.flush();
        });
        server.close();
        return 0;
    }

    /** Does not keep the program from ending. */
    private static void aside(Runnable work) {
        Thread thread = new Thread(work, "sample app");
        thread.setDaemon(true);
        thread.start();
    }

    private Map<String, String> overrides() {
        Map<String, String> overrides = new HashMap<>();
        host.ifPresent(value -> overrides.put("host", value));
        port.ifPresent(value -> overrides.put("port", value.toString()));
        return overrides;
    }

    /** Publishes the sample apps where there is no app; which one was not built and why, if one was not. */
    private Optional<String> demo(Server server, DataDirectory directory, Stages stages) {
        if (noDemo || !server.rpc().libraries().apps().list().isEmpty()) {
            return Optional.empty();
        }
        Stages untold = new Stages(new PrintWriter(Writer.nullWriter()));
        for (String sample : SAMPLES) {
            boolean first = sample.equals(SAMPLES.get(0));
            Optional<String> failure =
                    publish(new Publishing(directory, server.address(), first ? stages : untold), sample);
            if (failure.isPresent()) {
                return failure.map(why -> OWNER + "/" + sample + " was not built: " + why);
            }
            if (first) {
                stages.mark();
            } else {
                stages.done("published " + OWNER + "/" + sample);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> publish(Publishing publishing, String sample) {
        Path source = Path.of(System.getProperty("ocpu.home", "."), "webapp", "src", "main", "samples", sample);
        if (!Files.isDirectory(source)) {
            return Optional.of("its source is not at " + source);
        }
        try {
            JsonNode build = publishing.call(OWNER, sample, source).build();
            return Optional.ofNullable(build.path("failure").textValue());
        } catch (WebappException | BuilderException e) { // as when its public name does not lead here
            return Optional.of(e.getMessage());
        }
    }

    private static void addresses(Server server, PrintWriter out) {
        out.println();
        out.println("  " + server.address() + "/          the apps and how to add one");
        server.rpc().libraries().apps().list().stream()
                .limit(5)
                .forEach(app -> out.println("  " + server.api() + "/apps/" + app.owner() + "/" + app.path() + "/www/"));
        out.println("  " + server.api() + "/     the HTTP API");
        out.println();
    }

    /** Once: only its hash is kept. */
    private static void tell(String token, PrintWriter out) {
        out.println("  Admin token: " + token);
        out.println(
                "  ./ocpu rebuild, cancel, rollback, remove, sync and outbox, and clients of /api/v1/, need it (OCPU_TOKEN).");
        out.println("  It is not shown again; ./ocpu token makes a new one.");
        out.println();
    }
}
