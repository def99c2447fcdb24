package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
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
            "Start the server. When no app is installed yet, publish the sample app by a real push.",
            "Ctrl-C stops it once what runs is done, or shutdown.grace is over; once more stops everything at once."
        })
final class UpCommand implements Callable<Integer> {
    private static final String OWNER = "ocpu";
    private static final String REPO = "hello";

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

    @Option(names = "--no-demo", description = "do not publish the sample app")
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
            demo.join().ifPresent(failure -> out.println("The sample app was not built: " + failure));
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

    /** Publishes the sample app where there is none; why that failed, if it did. */
    private Optional<String> demo(Server server, DataDirectory directory, Stages stages) {
        if (noDemo || !server.rpc().libraries().apps().list().isEmpty()) {
            return Optional.empty();
        }
        Path sample = Path.of(System.getProperty("ocpu.home", "."), "webapp", "src", "main", "samples", REPO);
        if (!Files.isDirectory(sample)) {
            return Optional.of("its source is not at " + sample);
        }
        try {
            JsonNode build = new Publishing(directory, server.address(), stages)
                    .call(OWNER, REPO, sample)
                    .build();
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
