package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how long the pages for people take and how large they are, where there are many apps. */
@Command(
        name = "pages",
        mixinStandardHelpOptions = true,
        description = {
            "Measure the pages of a server of its own that has many apps, each pushed and built, in one run:",
            "the time until a page is there, and its bytes over the network, alone and with all that it loads."
        })
final class BenchPagesCommand implements Callable<Integer> {
    private static final Pattern LOADED = Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"");

    @Spec
    private CommandSpec spec;

    @Option(names = "--apps", defaultValue = "500", description = "apps there are (default: ${DEFAULT-VALUE})")
    private int apps;

    @Option(
            names = "--rounds",
            defaultValue = "200",
            description = "times each page is asked for (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the measured server")
    private Map<String, String> settings = new HashMap<>();

    private final HttpClient http = HttpClient.newHttpClient();
    private BenchServer bench;

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        Path directory = Files.createTempDirectory("ocpu-bench");
        settings.put("github.url", directory.resolve("github").toUri().toString());
        settings.put("mail_on", "failure");
        bench = BenchServer.start(directory, settings);
        PrintWriter out = spec.commandLine().getOut();
        publish(directory.resolve("github"), out);
        out.printf("%-46s %8s %8s %8s %8s%n", apps + " apps", "p50 ms", "p99 ms", "page KB", "all KB");
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("/", "the apps");
        pages.put("/?q=app1&owner=owner1", "some of them, searched");
        pages.put("/?page=" + (apps / 24 + 1), "their last page");
        pages.put("/builds", "the builds");
        pages.put("/builds/1", "a build");
        pages.put("/apps/owner0/app0", "an app");
        for (Map.Entry<String, String> page : pages.entrySet()) {
            measure(page.getValue(), page.getKey(), out);
        }
        return 0;
    }

    private void publish(Path repositories, PrintWriter out)
            throws IOException, InterruptedException, ExecutionException {
        Stages stages = new Stages(out);
        List<Long> builds = new ArrayList<>();
        for (int app = 0; app < apps; app++) {
            BenchRepository repository = new BenchRepository(repositories, "owner" + app % 5, "app" + app);
            builds.add(bench.deliver(repository.push()));
        }
        stages.done("pushed " + apps);
        for (int app = 1; app <= apps; app++) {
            BenchServer.requireSuccess(
                    bench.server().builds().finished(builds.get(app - 1)).get());
            if (app % 100 == 0 || app == apps) {
                stages.done("published " + app + " of " + apps);
            }
        }
    }

    private void measure(String what, String page, PrintWriter out) throws IOException, InterruptedException {
        Histogram times = BenchLoad.histogram();
        HttpResponse<byte[]> answer = get(page);
        for (int round = -rounds / 4; round < rounds; round++) { // until Java has compiled what they run
            long begin = System.nanoTime();
            answer = get(page);
            if (round >= 0) {
                times.recordValue((System.nanoTime() - begin) / 1000);
            }
        }
        out.printf(
                Locale.ROOT,
                "%-46s %8.1f %8.1f %8.1f %8.1f%n",
                what,
                times.getValueAtPercentile(50) / 1000.0,
                times.getValueAtPercentile(99) / 1000.0,
                answer.body().length / 1000.0,
                withAssets(answer) / 1000.0);
        out.flush();
    }

    /** Bytes as they come over the network, with the style sheets, scripts and icon that the page names. */
    private long withAssets(HttpResponse<byte[]> page) throws IOException, InterruptedException {
        long bytes = page.body().length;
        for (String asset : new TreeSet<>(loaded(text(page)))) {
            bytes += get(asset).body().length;
        }
        return bytes;
    }

    private static List<String> loaded(String html) {
        return LOADED.matcher(html).results().map(found -> found.group(1)).toList();
    }

    private static String text(HttpResponse<byte[]> page) throws IOException {
        boolean packed = page.headers().firstValue("Content-Encoding").equals(Optional.of("gzip"));
        byte[] plain = packed ? new GZIPInputStream(new ByteArrayInputStream(page.body())).readAllBytes() : page.body();
        return new String(plain, UTF_8);
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(bench.server().address() + path))
                .header("Accept", "text/html")
                .header("Accept-Encoding", "gzip")
                .build();
        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new WebappException(path + " was answered " + answer.statusCode());
        }
        return answer;
    }
}
