package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Branches and packages of a repository that are live beside each other. */
class PreviewIT extends BuildFixture {
    @Test
    void aBranchIsLiveBesideItsAppUntilItIsDeleted() throws Exception {
        reopen(Map.of("previews", "true"));
        assertEquals(
                State.SUCCEEDED, push(RPackage.answering("stocks", "1.0", "1")).state());
        String commit = github.commit(APP, RPackage.answering("stocks", "2.0", "2"));
        github.push(APP, "HEAD:refs/heads/fix/it");
        BuildView preview = finished(builds.receive(branch("fix/it", commit)));
        assertEquals(State.SUCCEEDED, preview.state(), preview::toString);
        assertEquals("Alice/Stocks@fix~it", preview.app().toString());
        assertEquals("1", answer("stocks"));
        assertEquals("2", answer("stocks@fix~it"));

        assertEquals(200, builds.receive(branch("fix/it", "0".repeat(40))).status());
        assertFalse(Files.exists(data().resolve("apps/alice/stocks@fix~it")));
        assertEquals("1", answer("stocks"));
    }

    @Test
    void aPullRequestIsLiveUntilItIsClosed() throws Exception {
        reopen(Map.of("previews", "true"));
        String commit = github.commit(APP, RPackage.answering("stocks", "2.0", "2"));
        github.push(APP, "HEAD:refs/pull/7/head");
        BuildView preview = finished(builds.receive(pullRequest("opened", commit)));
        assertEquals(State.SUCCEEDED, preview.state(), preview::toString);
        assertEquals("2", answer("stocks@pr-7"));
        assertFalse(Files.exists(data().resolve("apps/alice/stocks")), "the app itself was never pushed");
        builds.receive(pullRequest("closed", commit));
        assertFalse(Files.exists(data().resolve("apps/alice/stocks@pr-7")));
    }

    @Test
    void severalPackagesOfARepositoryAreAppsOfTheirOwn() throws Exception {
        Map<String, String> files = new HashMap<>();
        RPackage.answering("stocks", "1.0", "1").forEach((name, content) -> files.put("r/one/" + name, content));
        RPackage.answering("stocks", "1.0", "2").forEach((name, content) -> files.put("two/" + name, content));
        Delivery push = Deliveries.push(APP, github.commit(APP, files));
        WebhookAnswer answer = builds.receive(Deliveries.asking(push, Map.of("subdir", "r/one,two")));
        for (Object build : (List<?>) answer.body().get("builds")) {
            BuildView ended = builds.finished((Long) build).get();
            assertEquals(State.SUCCEEDED, ended.state(), ended::toString);
        }
        assertEquals("1", answer("stocks:one"));
        assertEquals("2", answer("stocks:two"));
        BuildView missing = finished(builds.receive(Deliveries.asking(push, Map.of("subdir", "three"))));
        assertTrue(missing.failure().orElseThrow().contains("three"), missing::toString);
    }

    private String answer(String app) throws IOException {
        Path live = data().resolve("apps/alice").resolve(app).resolve("current");
        return Rscript.run(
                "cat(getExportedValue(loadNamespace('stocks', lib.loc = '%s'), 'answer')())".formatted(live));
    }

    private static Delivery branch(String branch, String commit) {
        return Deliveries.changed(
                payload -> payload.put("ref", "refs/heads/" + branch).put("after", commit));
    }

    private static Delivery pullRequest(String action, String commit) {
        return Deliveries.saying(
                Deliveries.changed(payload -> payload.put("action", action)
                        .put("number", 7)
                        .putObject("pull_request")
                        .putObject("head")
                        .put("sha", commit)
                        .putObject("repo")
                        .put("full_name", APP.toString())),
                "x-github-event",
                "pull_request");
    }
}
