package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocpu outbox [--resend ID]}. */
@Command(
        name = "outbox",
        mixinStandardHelpOptions = true,
        description = "List the mails that were given up, oldest first, or send one again.")
final class OutboxCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ApiOptions api = new ApiOptions();

    @Option(names = "--resend", paramLabel = "ID", description = "send this one again")
    private Optional<String> resend = Optional.empty();

    @Option(names = "--json", description = "list as JSON, with all that is known")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        resend.ifPresentOrElse(id -> resend(id, out), () -> list(out));
        out.flush();
        return 0;
    }

    private void resend(String id, PrintWriter out) {
        String state = api.client()
                .post("/outbox/" + UrlEncodedForm.segment(id) + "/resend", "")
                .path("state")
                .asText();
        out.println(
                "Mail " + id + (state.equals("kept") ? " is kept: no smtp.host is configured." : " is sent again."));
    }

    private void list(PrintWriter out) {
        List<JsonNode> mails = api.client().list("/outbox", Integer.MAX_VALUE);
        if (json) {
            JsonLines.print(mails, out);
        } else if (mails.isEmpty()) {
            out.println("No mail was given up.");
        } else {
            print(mails, out);
        }
    }

    private static void print(List<JsonNode> mails, PrintWriter out) {
        Ago ago = new Ago(Instant.now());
        TextTable table = new TextTable("ID", "QUEUED", "ATTEMPTS", "TO", "SUBJECT", "WHY");
        for (JsonNode mail : mails) {
            table.row(
                    mail.path("id").asText(),
                    ago.of(Instant.parse(mail.path("queuedAt").asText())),
                    mail.path("attempts").asText(),
                    recipients(mail),
                    mail.path("subject").asText(),
                    mail.path("why").asText());
        }
        table.print(out);
    }

    private static String recipients(JsonNode mail) {
        return StreamSupport.stream(mail.path("recipients").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(", "));
    }
}
