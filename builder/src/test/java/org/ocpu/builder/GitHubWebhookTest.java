package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubWebhookTest {
    private final GitHubWebhook webhook = webhook(Map.of());

    @Test
    void acceptsASignedPushToTheDefaultBranch() {
        Push push = accepted(Deliveries.changed(payload -> {}));
        assertEquals(
                new Push(
                        new AppName("Alice", "Stocks"),
                        "",
                        "refs/heads/main",
                        Deliveries.COMMIT,
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        new Person("pat", Optional.of("pat@example.org")),
                        Optional.of(new Person("Alice", Optional.of("owner@example.org"))),
                        List.of(new PushedCommit(Deliveries.COMMIT, "Add a function\n\nwith details", "Pat Example")),
                        false,
                        Push.Wishes.NONE),
                push);
    }

    @Test
    void takesARepositoryForOpenOnlyWhenThePayloadSaysSo() {
        for (boolean closed : new boolean[] {false, true}) {
            Push push = accepted(Deliveries.changed(
                    payload -> payload.withObject("/repository").put("private", closed)));
            assertEquals(!closed, push.open());
        }
        assertFalse(accepted(Deliveries.changed(payload -> {})).open(), "not known");
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
        Verdict verdict = new GitHubWebhook(BuilderConfig.from(Map.of()))
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
                new Push.Wishes(false, Optional.of(false), RefPolicy.DEFAULT),
                accepted(Deliveries.asking(delivery, wishes)).wishes());
        answered(
                400,
                "unknown parameter of the webhook: subdirectory (known are mail_owner, ref, sendmail, subdir)",
                Deliveries.asking(delivery, Map.of("subdirectory", "x")));
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

    @Test
    void tellsWhatTheRefPointedAtBeforeAndWhenItWasPushed() {
        String before = "1".repeat(40);
        Push push = accepted(Deliveries.changed(payload -> {
            payload.put("before", before).put("forced", true);
            payload.withObject("/repository").put("pushed_at", 1_700_000_000L);
        }));
        assertEquals(Optional.of(before), push.before());
        assertTrue(push.forced());
        assertEquals(Optional.of(Instant.ofEpochSecond(1_700_000_000L)), push.pushedAt());
        assertEquals(
                Optional.empty(),
                accepted(Deliveries.changed(payload -> payload.put("before", "0".repeat(40))))
                        .before());
    }

    @Test
    void followsTheBranchThatTheRefNames() {
        Map<String, String> stable = Map.of("ref", "stable");
        answered(
                200,
                "main is not the branch of the webhook's ref, stable",
                Deliveries.asking(Deliveries.changed(payload -> {}), stable));
        Delivery pushed = Deliveries.changed(payload -> payload.put("ref", "refs/heads/stable"));
        assertEquals("stable", accepted(Deliveries.asking(pushed, stable)).branch());
    }

    @Test
    void followsReleaseTags() {
        Map<String, String> releases = Map.of("ref", "*release");
        for (String tag : List.of("v1.2.3", "1.0", "V2-1")) {
            Push push = accepted(
                    Deliveries.asking(Deliveries.changed(payload -> payload.put("ref", "refs/tags/" + tag)), releases));
            assertEquals("refs/tags/" + tag, push.ref());
        }
        Delivery other = Deliveries.changed(payload -> payload.put("ref", "refs/tags/nightly"));
        answered(200, "the tag nightly is not a version", Deliveries.asking(other, releases));
        Delivery gone =
                Deliveries.changed(payload -> payload.put("ref", "refs/tags/v1").put("deleted", true));
        answered(200, "the tag v1 was deleted", Deliveries.asking(gone, releases));
        answered(200, "asks for tags", Deliveries.asking(Deliveries.changed(payload -> {}), releases));
    }

    @Test
    void findsPackagesInSubdirectories() {
        Delivery delivery = Deliveries.changed(payload -> {});
        Push one = accepted(Deliveries.asking(delivery, Map.of("subdir", "r/pkg/")));
        assertEquals("Alice/Stocks", one.app().toString());
        assertEquals("r/pkg", one.directory());
        Verdict several = webhook.read(Deliveries.asking(delivery, Map.of("subdir", "r/one, two")));
        assertEquals(
                List.of("Alice/Stocks/one r/one", "Alice/Stocks/two two"),
                ((Verdict.Accepted) several)
                        .pushes().stream()
                                .map(push -> push.app() + " " + push.directory())
                                .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../x", "a/../b", "a,,b", "a/x,b/x", "a b", "a,R", "a\u0000", "./.,b", "/etc/..", "pkg,www"})
    void refusesSubdirectoriesThatAreNone(String subdir) {
        answered(400, "", Deliveries.asking(Deliveries.changed(payload -> {}), Map.of("subdir", subdir)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[skip ci]", "[ci skip]", "[NO CI]"})
    void heedsSkipCi(String words) {
        answered(
                200,
                "the commit's message has " + words.toLowerCase(Locale.ROOT),
                Deliveries.changed(payload -> payload.putObject("head_commit").put("message", "Typo " + words)));
    }

    @Test
    void makesPreviewsOfBranchesWhereTheyAreOn() {
        GitHubWebhook previews = webhook(Map.of("previews", "true"));
        Verdict pushed = previews.read(Deliveries.changed(payload -> payload.put("ref", "refs/heads/fix/it")));
        assertEquals(
                "Alice/Stocks@fix~it",
                ((Verdict.Accepted) pushed).pushes().get(0).app().toString());
        Verdict deleted = previews.read(Deliveries.changed(
                payload -> payload.put("ref", "refs/heads/fix/it").put("after", "0".repeat(40))));
        assertEquals(
                List.of("Alice/Stocks@fix~it"),
                ((Verdict.Closed) deleted)
                        .previews().stream().map(AppName::toString).toList());
        Verdict odd = previews.read(Deliveries.changed(payload -> payload.put("ref", "refs/heads/größer")));
        assertTrue(((Verdict.Answered) odd).answer().message().contains("can have no preview"), odd::toString);
    }

    @Test
    void makesPreviewsOfPullRequests() {
        GitHubWebhook previews = webhook(Map.of("previews", "true"));
        Push push = ((Verdict.Accepted) previews.read(pullRequest("synchronize", "Alice/Stocks")))
                .pushes()
                .get(0);
        assertEquals("Alice/Stocks@pr-7", push.app().toString());
        assertEquals("refs/pull/7/head", push.ref());
        assertEquals("#7 Better answers", push.message());
        Verdict closed = previews.read(pullRequest("closed", "Alice/Stocks"));
        assertEquals(
                List.of("Alice/Stocks@pr-7"),
                ((Verdict.Closed) closed)
                        .previews().stream().map(AppName::toString).toList());
        Verdict labelled = previews.read(pullRequest("labeled", "Alice/Stocks"));
        assertEquals(200, ((Verdict.Answered) labelled).answer().status());
        answered(200, "previews: true", pullRequest("opened", "Alice/Stocks"));
    }

    @Test
    void refusesPreviewsThatCannotBe() {
        GitHubWebhook previews = webhook(Map.of("previews", "true"));
        Verdict reserved =
                previews.read(Deliveries.asking(pullRequest("closed", "Alice/Stocks"), Map.of("subdir", "a,data")));
        assertEquals(400, ((Verdict.Answered) reserved).answer().status(), reserved::toString);
        Verdict branch = previews.read(Deliveries.changed(payload -> payload.put("ref", "refs/heads/pr-7")));
        assertTrue(((Verdict.Answered) branch).answer().message().contains("preview of a pull request"));
    }

    @Test
    void buildsPullRequestsFromForksOnlyWhereThatIsAllowed() {
        Delivery fork = pullRequest("opened", "mallory/stocks");
        Verdict refused = webhook(Map.of("previews", "true")).read(fork);
        assertTrue(((Verdict.Answered) refused).answer().message().contains("previews.forks"), refused::toString);
        Verdict allowed =
                webhook(Map.of("previews", "true", "previews.forks", "true")).read(fork);
        assertTrue(allowed instanceof Verdict.Accepted, allowed::toString);
    }

    private static Delivery pullRequest(String action, String head) {
        return Deliveries.saying(
                Deliveries.changed(payload -> {
                    payload.put("action", action).put("number", 7).remove(List.of("ref", "after"));
                    ObjectNode request = payload.putObject("pull_request").put("title", "Better answers");
                    request.putObject("head")
                            .put("sha", Deliveries.COMMIT)
                            .putObject("repo")
                            .put("full_name", head);
                }),
                "x-github-event",
                "pull_request");
    }

    private static GitHubWebhook webhook(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("webhook.secret", Deliveries.SECRET);
        return new GitHubWebhook(BuilderConfig.from(settings));
    }

    private Push accepted(Delivery delivery) {
        Verdict verdict = webhook.read(delivery);
        assertTrue(verdict instanceof Verdict.Accepted, verdict::toString);
        List<Push> pushes = ((Verdict.Accepted) verdict).pushes();
        assertEquals(1, pushes.size());
        return pushes.get(0);
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
