package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What repositories, elsewhere and on this server, say of which push is newer and of what their head is. */
class PushOrderIT extends GitFixture {
    private int questions;

    @Test
    void whatTheBranchPointsToIsTheNewest() throws Exception {
        String first = commit("1");
        String second = commit("2");
        assertOlder(first, second);
        back(first);
        assertOlder(second, first);
    }

    @Test
    void anAncestorIsOlderThoughNeitherIsTheHead() throws Exception {
        String first = commit("1");
        String second = commit("2");
        commit("3");
        assertOlder(first, second);
        github.giveOutWholeBranchesOnly();
        assertOlder(first, second);
    }

    @Test
    void looksFurtherBackThanTheNewestCommits() throws Exception {
        String first = commit("1");
        String left = commit("left");
        back(first);
        for (int i = 0; i < 210; i++) {
            GitServer.git(github.work(APP), "commit", "-q", "--allow-empty", "-m", "Nothing");
        }
        String last = commit("last");
        commit("head");
        assertOlder(first, last);
        assertOlder(left, last);
    }

    @Test
    void whatAForcedPushLeftBehindIsOlder() throws Exception {
        String first = commit("1");
        String left = commit("2");
        back(first);
        String kept = commit("3");
        commit("4");
        assertOlder(left, kept);
        GitServer.git(github.bare(APP), "gc", "-q", "--prune=now");
        assertOlder(left, kept);
    }

    @Test
    void theTimeDecidesBetweenCommitsThatWereBothLeftBehind() throws Exception {
        String first = commit("1");
        String later = commitAt("2001-01-02T00:00:00Z");
        back(first);
        String earlier = commitAt("2001-01-01T00:00:00Z");
        back(first);
        commit("3");
        assertOlder(earlier, later);
    }

    @Test
    void nothingIsKnownOfCommitsThatAreGone() throws Exception {
        commit("1");
        assertEquals(PushOrder.Order.UNKNOWN, order(push("a".repeat(40)), push("b".repeat(40))));
    }

    @Test
    void releasesNeedNoNetwork() throws Exception {
        github.close();
        Push older = push(APP, "", "refs/tags/v1.9", "a".repeat(40), RefPolicy.RELEASE);
        Push newer = push(APP, "", "refs/tags/v1.10", "b".repeat(40), RefPolicy.RELEASE);
        assertEquals(PushOrder.Order.OLDER, order(older, newer));
    }

    @Test
    void saysWhyARepositoryCannotBeAsked() {
        BuildFailure failure =
                assertThrows(BuildFailure.class, () -> order(push("a".repeat(40)), push("b".repeat(40))));
        assertTrue(failure.getMessage().contains("is private or does not exist"), failure::toString);
        BuildFailure head = assertThrows(BuildFailure.class, () -> head(RefPolicy.DEFAULT));
        assertEquals(failure.getMessage(), head.getMessage());
    }

    @Test
    void ordersPushesToThisServerWithoutNetwork() throws Exception {
        github.close();
        Path directory = Files.createDirectories(root.resolve("mine"));
        GitServer.git(directory, "init", "-q", "-b", "trunk");
        LocalPush first = local(directory, "1");
        LocalPush second = local(directory, "2");
        GitServer.git(directory, "reset", "-q", "--hard", first.commit());
        LocalPush third = local(directory, "3");
        LocalPush fourth = local(directory, "4");
        assertTrunk(first, second);
        assertTrunk(second, third);
        assertTrunk(third, fourth);
        assertEquals(Optional.of(new RemoteHead.Head("refs/heads/trunk", fourth.commit())), head(RefPolicy.DEFAULT));
        assertEquals(Optional.empty(), head(new RefPolicy("main")));
        GitServer.git(
                LocalRepository.path(repositories(), APP),
                "-c",
                "user.name=Pat",
                "-c",
                "user.email=p@example.org",
                "tag",
                "-am",
                "Release",
                "v1.0",
                second.commit());
        assertEquals(Optional.of(new RemoteHead.Head("refs/tags/v1.0", second.commit())), head(RefPolicy.RELEASE));
    }

    @Test
    void theDeliveryOfALocalPushSaysHowTheBranchMoved() throws Exception {
        Path directory = Files.createDirectories(root.resolve("mine"));
        GitServer.git(directory, "init", "-q", "-b", "trunk");
        Instant start = Instant.now();
        LocalPush first = local(directory, "1");
        LocalPush second = local(directory, "2");
        GitServer.git(directory, "reset", "-q", "--hard", first.commit());
        LocalPush third = local(directory, "3");
        JsonNode one = new JsonMapper().readTree(first.payload());
        assertEquals("0".repeat(40), one.path("before").asText());
        JsonNode two = new JsonMapper().readTree(second.payload());
        assertEquals(first.commit(), two.path("before").asText());
        assertEquals(false, two.path("forced").booleanValue());
        assertEquals(second.commit(), two.at("/head_commit/id").asText());
        assertEquals("Write 2", two.at("/head_commit/message").asText().strip());
        assertTrue(Instant.parse(two.at("/head_commit/timestamp").asText()).isAfter(start.minusSeconds(2)));
        assertTrue(two.at("/repository/pushed_at").asLong() >= start.getEpochSecond());
        JsonNode three = new JsonMapper().readTree(third.payload());
        assertEquals(second.commit(), three.path("before").asText());
        assertEquals(true, three.path("forced").booleanValue());
    }

    @Test
    void theHeadIsThatOfTheDefaultBranchABranchOrTheNewestRelease() throws Exception {
        String first = commit("1");
        GitServer.git(github.work(APP), "tag", "-am", "Release", "v1.10");
        GitServer.git(github.work(APP), "tag", "v1.9");
        GitServer.git(github.work(APP), "tag", "v2-beta");
        github.push(APP, "--tags");
        github.push(APP, "HEAD:refs/heads/dev");
        String second = commit("2");
        assertEquals(Optional.of(new RemoteHead.Head(MAIN, second)), head(RefPolicy.DEFAULT));
        assertEquals(Optional.of(new RemoteHead.Head("refs/heads/dev", first)), head(new RefPolicy("dev")));
        assertEquals(Optional.of(new RemoteHead.Head("refs/tags/v1.10", first)), head(RefPolicy.RELEASE));
        assertEquals(Optional.empty(), head(new RefPolicy("nosuch")));
        GitServer.git(github.bare(APP), "symbolic-ref", "HEAD", "refs/heads/dev");
        assertEquals(Optional.of(new RemoteHead.Head("refs/heads/dev", first)), head(RefPolicy.DEFAULT));
    }

    @Test
    void anEmptyRepositoryHasNoHead() throws Exception {
        assertTrue(Files.exists(github.work(APP)));
        assertEquals(Optional.empty(), head(RefPolicy.DEFAULT));
        assertEquals(Optional.empty(), head(RefPolicy.RELEASE));
    }

    private Optional<RemoteHead.Head> head(RefPolicy policy) {
        return new RemoteHead(config(Map.of()).github(), repositories(), stop).of(APP, policy);
    }

    private LocalPush local(Path directory, String content) throws IOException {
        Files.writeString(directory.resolve("file"), content);
        GitServer.git(directory, "add", "-A");
        GitServer.git(directory, "commit", "-qm", "Write " + content);
        return LocalRepository.push(root.resolve("data"), APP.owner(), APP.repo(), directory);
    }

    private void assertTrunk(LocalPush older, LocalPush newer) {
        Push first = push(APP, "refs/heads/trunk", older.commit());
        Push second = push(APP, "refs/heads/trunk", newer.commit());
        assertEquals(PushOrder.Order.OLDER, order(first, second));
        assertEquals(PushOrder.Order.NEWER, order(second, first));
    }

    private void assertOlder(String older, String newer) {
        assertEquals(PushOrder.Order.OLDER, order(push(older), push(newer)));
        assertEquals(PushOrder.Order.NEWER, order(push(newer), push(older)));
        assertEquals(PushOrder.Order.SAME, order(push(newer), push(newer)));
    }

    private PushOrder.Order order(Push a, Push b) {
        Path scratch = root.resolve("order-" + ++questions);
        return new PushOrder(config(Map.of()).github(), repositories(), scratch, patience()).order(a, b);
    }

    private static Push push(String commit) {
        return push(APP, MAIN, commit);
    }

    private String commit(String content) throws IOException {
        return github.commit(APP, Map.of("file", content));
    }

    private String commitAt(String time) throws IOException {
        Path work = github.work(APP);
        GitServer.git(work, "commit", "-q", "--allow-empty", "-m", time);
        String tree = GitServer.git(work, "rev-parse", "HEAD^{tree}");
        String parent = GitServer.git(work, "rev-parse", "HEAD^");
        Path raw = Files.writeString(
                root.resolve("commit"),
                "tree %s\nparent %s\nauthor P <p@example.org> %d +0000\ncommitter P <p@example.org> %d +0000\n\n%s\n"
                        .formatted(
                                tree,
                                parent,
                                Instant.parse(time).getEpochSecond(),
                                Instant.parse(time).getEpochSecond(),
                                time));
        String commit = GitServer.git(work, "hash-object", "-t", "commit", "-w", raw.toString());
        GitServer.git(work, "reset", "-q", "--hard", commit);
        github.push(APP, "HEAD:main");
        return commit;
    }

    private void back(String commit) throws IOException {
        GitServer.git(github.work(APP), "reset", "-q", "--hard", commit);
        github.push(APP, "HEAD:main");
    }
}
