package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubWebhookTest {
    private final GitHubWebhook webhook = new GitHubWebhook(Optional.of(Deliveries.SECRET));

    @Test
    void acceptsASignedPushToTheDefaultBranch() {
        Push push = accepted(Deliveries.changed(payload -> {}));
        assertEquals(
                new Push(
                        new AppName("Alice", "Stocks"),
                        "main",
                        Deliveries.COMMIT,
                        new Person("pat", Optional.of("pat@example.org")),
                        Optional.of(new Person("Alice", Optional.of("owner@example.org"))),
                        List.of(new PushedCommit(Deliveries.COMMIT, "Add a function\n\nwith details", "Pat Example")),
                        new Push.Wishes(true, true)),
                push);
    }

    @Test
    void acceptsAPushInAForm() {
        String json = new String(Deliveries.changed(payload -> {}).body(), StandardCharsets.UTF_8);
        String form = "payload=" + URLEncoder.encode(json, StandardCharsets.UTF_8);
        assertEquals(
                Deliveries.COMMIT,
                accepted(Deliveries.signed("application/x-www-form-urlencoded", form))
                        .commit());
    }

    @Test
    void takesTheOldNamesOfTheOwnerAndTheDefaultBranch() {
        Push push = accepted(Deliveries.changed(payload -> {
            ObjectNode repository = payload.withObject("/repository");
            repository.remove("default_branch");
            repository.put("master_branch", "main");
            repository.putObject("owner").put("name", "Alice");
        }));
        assertEquals("Alice/Stocks", push.app().toString());
    }

    @Test
    void matchesTheSignatureOfGitHubsDocumentation() {
        assertEquals(
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                WebhookSignature.of("Hello, World!".getBytes(StandardCharsets.UTF_8), "It's a Secret to Everybody"));
    }

    @Test
    void refusesAWrongOrMissingSignatureBeforeAnythingElse() {
        Delivery delivery = Deliveries.signed("text/plain", "not even JSON");
        answered(401, "wrong", Deliveries.saying(delivery, "x-hub-signature-256", "sha256=00"));
        answered(401, "missing", Deliveries.saying(delivery, "x-hub-signature-256", ""));
    }

    @Test
    void needsNoSignatureWithoutASecret() {
        Verdict verdict = new GitHubWebhook(Optional.empty())
                .read(Deliveries.saying(Deliveries.changed(payload -> {}), "x-hub-signature-256", ""));
        assertTrue(verdict instanceof Verdict.Accepted, verdict::toString);
    }

    @Test
    void answersPingAndIgnoresOtherEvents() {
        Delivery delivery = Deliveries.changed(payload -> {});
        answered(200, "pong", Deliveries.saying(delivery, "x-github-event", "ping"));
        answered(200, "event is issues", Deliveries.saying(delivery, "x-github-event", "issues"));
        answered(400, "X-GitHub-Event is missing", Deliveries.saying(delivery, "x-github-event", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "{} {}", "\"ref\"", "{\"ref\": \"x\",}"})
    void refusesWhatIsNotAJsonObject(String body) {
        answered(400, "JSON", Deliveries.signed("application/json", body));
    }

    @Test
    void refusesFormsWithoutAPayloadAndOtherTypes() {
        answered(400, "no field payload", Deliveries.signed("application/x-www-form-urlencoded", "a=b"));
        answered(400, "not form-encoded", Deliveries.signed("application/x-www-form-urlencoded", "payload=%zz"));
        answered(415, "text/plain", Deliveries.signed("text/plain; charset=utf-8", "{}"));
    }

    @Test
    void namesEveryMissingField() {
        answered(
                400,
                "ref, after, repository.name, repository.owner.login, repository.default_branch",
                Deliveries.signed("application/json", "{}"));
        answered(400, "the payload lacks after", Deliveries.changed(payload -> payload.put("after", 7)));
    }

    @Test
    void ignoresOtherBranchesTagsAndDeletions() {
        answered(200, "dev is not the default branch main", Deliveries.changed(p -> p.put("ref", "refs/heads/dev")));
        answered(200, "is not a branch", Deliveries.changed(p -> p.put("ref", "refs/tags/main")));
        answered(200, "deleted", Deliveries.changed(p -> p.put("deleted", true)));
        answered(200, "deleted", Deliveries.changed(p -> p.put("after", "0".repeat(40))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "../x",
                "/etc",
                "a/b",
                "a\\b",
                "a b",
                "a\u0000b",
                "a\nb",
                "x.git",
                "x.GIT",
                "é",
                "%2e%2e",
                "~",
                "a;b"
            })
    void refusesNamesThatGitHubDoesNotAllow(String name) {
        refused(payload -> payload.withObject("/repository").put("name", name).remove("full_name"));
        refused(payload -> {
            ObjectNode repository = payload.withObject("/repository");
            repository.remove("full_name");
            repository.putObject("owner").put("login", name.equals("x.git") ? ".x" : name);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HEAD", "../../../etc/passwd", "0123456789abcdef0123456789abcdef0123456", "--upload-pack=x"})
    void refusesWhatIsNotACommit(String commit) {
        refused(payload -> payload.put("after", commit));
    }

    @Test
    void refusesAFullNameOfAnotherRepository() {
        refused(payload -> payload.withObject("/repository").put("full_name", "Mallory/Stocks"));
    }

    @Test
    void knowsItsParametersAndRefusesOthers() {
        Delivery delivery = Deliveries.changed(payload -> {});
        Map<String, String> wishes = Map.of("sendmail", "false", "mail_owner", "false");
        assertEquals(
                new Push.Wishes(false, false),
                accepted(Deliveries.asking(delivery, wishes)).wishes());
        answered(400, "subdirectory", Deliveries.asking(delivery, Map.of("subdirectory", "x")));
        answered(400, "sendmail must be true or false", Deliveries.asking(delivery, Map.of("sendmail", "no")));
    }

    @Test
    void boundsWhatItKeeps() {
        Push push = accepted(Deliveries.changed(payload -> {
            payload.withObject("/pusher")
                    .put("name", "x\r\nBcc: y" + "z".repeat(1000))
                    .put("email", "x\n@y");
            for (int i = 0; i < 100; i++) {
                payload.withArray("/commits").addObject().put("id", "c" + i).put("message", "m".repeat(10_000));
            }
        }));
        assertEquals(Push.MOST_COMMITS, push.commits().size());
        assertEquals("c99", push.commits().get(Push.MOST_COMMITS - 1).id());
        assertTrue(push.commits().get(0).message().length() < 1_100);
        assertTrue(push.pusher().name().startsWith("x  Bcc: y")
                && push.pusher().name().length() < 110);
        assertEquals(Optional.empty(), push.pusher().email());
    }

    private Push accepted(Delivery delivery) {
        Verdict verdict = webhook.read(delivery);
        assertTrue(verdict instanceof Verdict.Accepted, verdict::toString);
        return ((Verdict.Accepted) verdict).push();
    }

    private void refused(Consumer<ObjectNode> change) {
        answered(400, "", Deliveries.changed(change));
    }

    private void answered(int status, String reason, Delivery delivery) {
        Verdict verdict = webhook.read(delivery);
        assertTrue(verdict instanceof Verdict.Answered, verdict::toString);
        WebhookAnswer answer = ((Verdict.Answered) verdict).answer();
        assertEquals(status, answer.status(), answer::toString);
        assertTrue(answer.body().get("message").toString().contains(reason), answer::toString);
    }
}
