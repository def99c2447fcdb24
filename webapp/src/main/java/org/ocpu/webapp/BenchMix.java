package org.ocpu.webapp;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one client asks for in turn: calls, plots, scripts, errors, uploads, arguments that are sessions, functions of a package with an
 * engine of its own, and what of these can be read. For one thread.
 */
final class BenchMix implements AutoCloseable {
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String BOUNDARY = "ocpu-bench-boundary";
    private static final String FILE = String.join(
            "\r\n",
            "--%1$s",
            "Content-Disposition: form-data; name=\"%2$s\"; filename=\"%3$s\"",
            "Content-Type: text/plain",
            "",
            "%4$s",
            "--%1$s--",
            "");
    private static final String IDENTITY = "/ocpu/library/base/R/identity";

    /** What is asked for over and over; {@code VALUE}, {@code PLOT} and {@code SCRIPT} are the client's last sessions of that kind. */
    private static final List<Step> STEPS = List.of(
            new Step("value", call(IDENTITY, FORM, "x=data.frame(a=1:20,b=runif(20))"), "VALUE"),
            new Step("call as JSON", call("/ocpu/library/stats/R/rnorm/json", JSON, "{\"n\":3}"), ""),
            new Step("plot", call("/ocpu/library/graphics/R/plot", FORM, "x=cars"), "PLOT"),
            new Step("plot as PNG", BenchRequest.get("/ocpu/tmp/PLOT/graphics/1/png?width=NUMBER"), ""),
            new Step(
                    "script uploaded",
                    upload(IDENTITY, "x", "s.R", "x <- rnorm(20)\\nprint(mean(x))\\nplot(x)"),
                    "SCRIPT"),
            new Step("script", call("/ocpu/tmp/SCRIPT/files/s.R", FORM, ""), ""),
            new Step("error", failing("stop(\"as asked\")"), ""),
            new Step("upload", upload("/ocpu/library/utils/R/read.csv", "file", "t.csv", "a,b\\n1,2\\n3,4"), ""),
            new Step("session as argument", call("/ocpu/library/base/R/summary", FORM, "object=VALUE"), ""),
            new Step("package with an engine", call("/ocpu/library/MASS/R/fractions/json", FORM, "x=0.25"), ""),
            new Step("value as JSON", BenchRequest.get("/ocpu/tmp/VALUE/R/.val/json?digits=DIGITS"), ""),
            new Step("value as CSV", BenchRequest.get("/ocpu/tmp/VALUE/R/.val/csv"), ""),
            new Step("console", BenchRequest.get("/ocpu/tmp/VALUE/console/text"), ""),
            new Step("manual page", BenchRequest.get("/ocpu/library/MASS/man/rlm/text"), ""),
            new Step("data set", BenchRequest.get("/ocpu/library/MASS/data/cats/json"), ""),
            new Step("call as JSON", call("/ocpu/library/base/R/sum/json", FORM, "...=1,2"), ""));

    private final URI server;
    private final BenchClient client;
    private final Map<String, String> sessions = new HashMap<>();
    private long count;

    /** @param keeps the name under which the session it makes is asked for later; empty for none */
    private record Step(String name, BenchRequest request, String keeps) {}

    BenchMix(URI server) throws IOException {
        this.server = server;
        this.client = new BenchClient(server);
    }

    private static BenchRequest call(String path, String type, String body) {
        return BenchRequest.call(path, type, body);
    }

    private static BenchRequest upload(String path, String argument, String name, String lines) {
        String body = FILE.formatted(BOUNDARY, argument, name, lines.replace("\\n", "\n"));
        return call(path, "multipart/form-data; boundary=" + BOUNDARY, body);
    }

    /** @param code that ends with an error */
    private static BenchRequest failing(String code) {
        BenchRequest call = call(IDENTITY, FORM, "x=" + code);
        return new BenchRequest(call.head(), call.headers(), call.body(), 400);
    }

    /** A call that ends by its time limit, every fourth of them in an endless loop and the others asleep. */
    static BenchRequest timeout(int number) {
        return failing("{ %d; %s }".formatted(number, number % 4 == 0 ? "repeat {}" : "Sys.sleep(600)"));
    }

    /** Asks for the next; what was wrong with the answer, empty if nothing was. */
    String next() throws IOException {
        Step step = STEPS.get((int) (count++ % STEPS.size()));
        BenchRequest request = step.request();
        int status = client.send(
                new BenchRequest(filled(request.head()), request.headers(), filled(request.body()), request.status())
                        .bytes(server));
        if (!step.keeps().isEmpty()) {
            client.header("x-ocpu-session").ifPresent(key -> sessions.put(step.keeps(), key));
        }
        return status == request.status() ? "" : String.format(Locale.ROOT, "%s: status %d", step.name(), status);
    }

    /** With the client's own sessions, and with what was not asked for before. */
    private String filled(String text) {
        String filled =
                text.replace("NUMBER", Long.toString(300 + count % 500)).replace("DIGITS", Long.toString(count % 15));
        for (Map.Entry<String, String> session : sessions.entrySet()) {
            filled = filled.replace(session.getKey(), session.getValue());
        }
        return filled;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
