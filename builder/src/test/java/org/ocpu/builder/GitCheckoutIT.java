package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits of a real git server's repositories as files. */
class GitCheckoutIT extends GitFixture {
    private static final AppName LIB = new AppName("bob", "lib");
    private static final String DESCRIPTION = "Package: stocks\nVersion: 1.0\n";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bringsAnAnnotatedTagsCommit(boolean alone) throws Exception {
        String commit = github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        GitServer.git(github.work(APP), "tag", "-am", "Release", "v1.0");
        github.push(APP, "v1.0");
        github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION, "later", ""));
        if (!alone) {
            github.giveOutWholeBranchesOnly();
        }
        String tag = GitServer.git(github.work(APP), "rev-parse", "v1.0");
        for (String pushed : List.of(commit, tag)) {
            BuildRun run = run(push(APP, "refs/tags/v1.0", pushed));
            assertEquals(commit, new GitCheckout(run, config(Map.of()), repositories()).call());
            assertEquals(DESCRIPTION, read(run, "DESCRIPTION"));
            assertFalse(Files.exists(run.source().resolve("later")));
            assertEquals(!alone, log(run).contains("fetching the tag v1.0"), log(run));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bringsAPullRequest(boolean alone) throws Exception {
        github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        Files.writeString(github.work(APP).resolve("new"), "new");
        GitServer.git(github.work(APP), "add", "-A");
        GitServer.git(github.work(APP), "commit", "-qm", "A proposal");
        github.push(APP, "HEAD:refs/pull/7/head");
        if (!alone) {
            github.giveOutWholeBranchesOnly();
        }
        String commit = GitServer.git(github.work(APP), "rev-parse", "HEAD");
        assertEquals("new", read(checkout(push(APP, "refs/pull/7/head", commit), Map.of()), "new"));
    }

    @Test
    void fetchesFromADirectory() throws Exception {
        String commit = github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        Map<String, String> settings =
                Map.of("github.url", root.resolve("github").toUri().toString());
        assertEquals(DESCRIPTION, read(checkout(push(APP, MAIN, commit), settings), "DESCRIPTION"));
        String missing = refusal(push(LIB, MAIN, commit), settings);
        assertTrue(missing.contains("bob/lib.git is private or does not exist\n"), missing);
    }

    @Test
    void namesTheRefThatTheCommitIsNotOn() throws Exception {
        github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        String gone = refusal(push(APP, "refs/tags/v9", Deliveries.COMMIT), Map.of());
        assertTrue(gone.startsWith("commit " + Deliveries.COMMIT + " is not on tag v9 of http"), gone);
    }

    @Test
    void takesThePackageInADirectory() throws Exception {
        String commit = github.commit(APP, Map.of("r/pkg/DESCRIPTION", DESCRIPTION, "py/x.py", ""));
        BuildRun run = checkout(push(APP, "r/pkg", MAIN, commit, RefPolicy.DEFAULT), Map.of());
        assertTrue(Files.exists(run.packageDirectory().resolve("DESCRIPTION")));
        String wrong = refusal(push(APP, "py", MAIN, commit, RefPolicy.DEFAULT), Map.of());
        assertTrue(
                wrong.startsWith("the repository has no DESCRIPTION in py; these directories have one: r/pkg"), wrong);
        String top = refusal(push(APP, MAIN, commit), Map.of());
        assertTrue(top.startsWith("the repository has no DESCRIPTION at its top"), top);
        assertTrue(top.contains("these directories have one: r/pkg (the webhook's parameter subdir)"), top);
    }

    @Test
    void refusesLargeFilesNamingEachAndItsSize() throws Exception {
        String commit = github.commit(
                APP,
                Map.of(
                        "DESCRIPTION", DESCRIPTION,
                        "data/a.bin", "x".repeat(1001),
                        "data/b.bin", "x".repeat(2002),
                        "data/c.bin", "x".repeat(1000)));
        String refusal = refusal(push(APP, MAIN, commit), Map.of("builds.filesize", "1000"));
        assertTrue(
                refusal.startsWith("files larger than 1000 bytes (builds.filesize): data/a.bin (1001 bytes),"
                        + " data/b.bin (2002 bytes)\n"),
                refusal);
    }

    @Test
    void refusesMoreThanTheDiskLimit() throws Exception {
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        Files.write(github.work(APP).resolve("noise"), noise);
        GitServer.git(github.work(APP), "add", "-A");
        String commit = github.commitIndex(APP);
        for (String limit : List.of("200000", "400000")) {
            String refusal = refusal(push(APP, MAIN, commit), Map.of("builds.disk", limit));
            assertTrue(refusal.contains("takes more space than a build may"), refusal);
        }
        checkout(push(APP, MAIN, commit), Map.of("builds.disk", "800000"));
    }

    @Test
    void countsTinyFilesAsTheBlocksTheyTake() throws Exception {
        Map<String, String> files = new HashMap<>(Map.of("DESCRIPTION", DESCRIPTION));
        IntStream.range(0, 200).forEach(i -> files.put("data/" + i, ""));
        String commit = github.commit(APP, files);
        String refusal = refusal(push(APP, MAIN, commit), Map.of("builds.disk", "600000"));
        assertTrue(refusal.contains("more than 600000 bytes (builds.disk)"), refusal);
    }

    @Test
    void refusesASubmodulesListThatIsTooLongOrBroken() throws Exception {
        for (String content : List.of("#".repeat(1_100_000), "[submodule \"x\n")) {
            String commit = github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION, ".gitmodules", content));
            String refusal = refusal(push(APP, MAIN, commit), Map.of());
            assertTrue(refusal.startsWith(".gitmodules "), refusal);
        }
    }

    @Test
    void tellsAMissingRefFromAClosedRepositoryWhateverTheirNames() throws Exception {
        AppName named = new AppName("alice", "authentication");
        github.commit(named, Map.of("DESCRIPTION", DESCRIPTION));
        String gone = refusal(push(named, "refs/heads/uthenticate404", Deliveries.COMMIT), Map.of());
        assertTrue(gone.startsWith("commit " + Deliveries.COMMIT + " is not on branch uthenticate404"), gone);
    }

    @Test
    void givesUpOnAServerThatDripsItsAnswer() throws Exception {
        String commit = github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        github.drip();
        BuildRun slow = run(push(APP, MAIN, commit));
        BuildRun run = new BuildRun(slow.build(), slow.work(), slow.log(), Deadline.in(Duration.ofSeconds(1)), stop);
        BuildFailure failure =
                assertThrows(BuildFailure.class, () -> new GitCheckout(run, config(Map.of()), repositories()).call());
        assertTrue(failure.getMessage().contains("took longer than 1 seconds"), failure::toString);
    }

    @Test
    void saysWhichFilesAreOnlyPointersToGitLfs() throws Exception {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1234\nsize 12345\n";
        String commit = github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION, "data/big.rds", pointer));
        BuildRun run = checkout(commit);
        assertEquals(pointer, read(run, "data/big.rds"));
        assertTrue(log(run).contains("only Git LFS's pointers to these files") && log(run).contains("data/big.rds"));
    }

    @Test
    void opensAPrivateRepositoryWithItsOwnersToken() throws Exception {
        String commit = github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        github.close("alice", "s3cret-token");
        BuildRun run = checkout(push(APP, MAIN, commit), Map.of("github.token.Alice", "s3cret-token"));
        assertEquals(DESCRIPTION, read(run, "DESCRIPTION"));
        assertSecret(log(run));
        checkout(push(APP, MAIN, commit), Map.of("github.token", "s3cret-token"));
        github.giveOutWholeBranchesOnly();
        checkout(push(APP, MAIN, commit), Map.of("github.token", "s3cret-token"));

        String without = refusal(push(APP, MAIN, commit), Map.of("github.token.bob", "s3cret-token"));
        assertTrue(without.contains("alice/stocks.git is private or does not exist; for a private one"), without);
        String wrong = refusal(push(APP, MAIN, commit), Map.of("github.token", "other-s3cret-token"));
        assertTrue(wrong.contains("the token this server has for alice (github.token) does not open it"), wrong);
        assertSecret(without + wrong);
    }

    @Test
    void showsNoTokenWhereTheServerRedirectsTo() throws Exception {
        String commit = github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        github.close("alice", "s3cret-token");
        try (GitServer other = new GitServer(root.resolve("github"))) {
            github.move("alice", other.url());
            other.close("alice", "s3cret-token");
            String refusal = refusal(push(APP, MAIN, commit), Map.of("github.token", "s3cret-token"));
            assertTrue(refusal.contains("is private or does not exist"), refusal);
            assertFalse(github.shown().isEmpty());
            assertEquals(List.of(), other.shown());
            assertSecret(refusal);
        }
    }

    @Test
    void followsARedirectToAPublicRepository() throws Exception {
        String commit = github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        try (GitServer other = new GitServer(root.resolve("github"))) {
            github.move("alice", other.url());
            checkout(push(APP, MAIN, commit), Map.of("github.token", "s3cret-token"));
            assertEquals(List.of(), other.shown());
        }
    }

    @Test
    void opensARepositoryWithADeployKey() throws Exception {
        String commit = github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        try (SshGitServer ssh = new SshGitServer(root.resolve("github"))) {
            Path hosts = ssh.knownHosts(root.resolve("hosts"));
            Map<String, String> settings = Map.of(
                    "github.url", ssh.url().toString(),
                    "github.key.alice", ssh.key(root.resolve("deploy")).toString(),
                    "github.knownhosts", hosts.toString());
            assertEquals(DESCRIPTION, read(checkout(push(APP, MAIN, commit), settings), "DESCRIPTION"));
            RemoteHead heads = new RemoteHead(config(settings).github(), repositories(), stop);
            assertEquals(commit, heads.of(APP, RefPolicy.DEFAULT).orElseThrow().commit());
            String missing = refusal(push(new AppName("alice", "none"), MAIN, commit), settings);
            assertTrue(missing.contains("alice/none.git is private or does not exist; the SSH key"), missing);
            String keyless = refusal(push(LIB, MAIN, commit), settings);
            assertTrue(keyless.contains("this server has no SSH key for ssh://git@127.0.0.1"), keyless);
        }
    }

    @Test
    void checksHostKeysAndReportsRefusedKeys() throws Exception {
        String commit = github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        try (SshGitServer ssh = new SshGitServer(root.resolve("github"))) {
            String key = ssh.key(root.resolve("deploy")).toString();
            Path wrong = ssh.wrongHosts(root.resolve("wrong"));
            Path none = Files.createFile(root.resolve("none"));
            for (Path hosts : List.of(wrong, none, root.resolve("missing"))) {
                List<String> before = Files.exists(hosts) ? Files.readAllLines(hosts) : List.of();
                String refusal = refusal(push(APP, MAIN, commit), ssh(ssh, key, hosts));
                assertTrue(refusal.contains("host key that github.knownhosts does not have for it\n"), refusal);
                assertEquals(before, Files.exists(hosts) ? Files.readAllLines(hosts) : List.of());
            }
            Path hosts = ssh.knownHosts(root.resolve("hosts"));
            String other = SshGitServer.otherKey(root.resolve("other")).toString();
            String refused = refusal(push(APP, MAIN, commit), ssh(ssh, other, hosts));
            assertTrue(refused.contains("the server does not accept the SSH key for alice\n"), refused);
            String unreadable =
                    refusal(push(APP, MAIN, commit), ssh(ssh, root.resolve("no").toString(), hosts));
            assertTrue(unreadable.startsWith("the SSH key for alice (github.key) cannot be read\n"), unreadable);
            String broken = Files.writeString(root.resolve("broken"), "no key").toString();
            String unusable = refusal(push(APP, MAIN, commit), ssh(ssh, broken, hosts));
            assertTrue(unusable.contains("the server does not accept the SSH key for alice\n"), unusable);
        }
    }

    @Test
    void bringsSubmodulesAtTheirCommits() throws Exception {
        AppName inner = new AppName("bob", "inner");
        github.commit(inner, Map.of("deep.h", "deep"));
        submodule(LIB, "vendor/inner", "../inner.git", inner);
        Files.writeString(github.work(LIB).resolve("lib.h"), "lib");
        GitServer.git(github.work(LIB), "add", "lib.h");
        github.commitIndex(LIB);
        submodule(APP, "src/lib", github.url() + "/bob/lib", LIB);
        String commit = described();
        github.commit(LIB, Map.of("lib.h", "newer"));
        BuildRun run = checkout(commit);
        assertEquals("lib", read(run, "src/lib/lib.h"));
        assertEquals("deep", read(run, "src/lib/vendor/inner/deep.h"));
        github.giveOutWholeBranchesOnly();
        assertEquals("lib", read(checkout(commit), "src/lib/lib.h"));
    }

    @Test
    void opensSubmodulesWithTheAppsOwnersTokenOnTheSameServerOnly() throws Exception {
        github.commit(LIB, Map.of("lib.h", "lib"));
        submodule(APP, "lib", "../../bob/lib.git", LIB);
        String commit = described();
        github.close("alice", "s3cret-token");
        github.close("bob", "s3cret-token");
        Map<String, String> settings = Map.of("github.token.alice", "s3cret-token");
        assertEquals("lib", read(checkout(push(APP, MAIN, commit), settings), "lib/lib.h"));

        try (GitServer other = new GitServer(root.resolve("github"))) {
            submodule(APP, "lib", other.url() + "/bob/lib.git", LIB);
            commit = described();
            assertEquals("lib", read(checkout(push(APP, MAIN, commit), settings), "lib/lib.h"));
            assertEquals(List.of(), other.shown());
            other.close("bob", "other");
            String refusal = refusal(push(APP, MAIN, commit), settings);
            assertTrue(
                    refusal.startsWith("the submodule lib cannot be had: the clone was refused: " + other.url()),
                    refusal);
            assertTrue(refusal.contains("/bob/lib.git is private or does not exist\n"), refusal);
            assertSecret(refusal);
        }
    }

    @Test
    void doesNotOpenAnotherOwnersRepositoryForASubmodule() throws Exception {
        github.commit(LIB, Map.of("lib.h", "lib"));
        submodule(APP, "lib", "../../bob/lib.git", LIB);
        String commit = described();
        github.close("bob", "bobs-s3cret-token");
        String refusal = refusal(push(APP, MAIN, commit), Map.of("github.token.bob", "bobs-s3cret-token"));
        assertTrue(refusal.contains("the submodule lib cannot be had"), refusal);
        assertEquals(List.of(), github.shown());
        assertSecret(refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../bob/none.git", "file:///etc", "ext::sh -c id", "../../../../../etc/x.git"})
    void failsNamingASubmoduleThatCannotBeHad(String url) throws Exception {
        github.commit(LIB, Map.of("lib.h", "lib"));
        submodule(APP, "src/lib", url, LIB);
        String refusal = refusal(push(APP, MAIN, described()), Map.of());
        assertTrue(refusal.startsWith("the submodule src/lib cannot be had: "), refusal);
    }

    @Test
    void failsNamingASubmodulesCommitThatIsGone() throws Exception {
        github.commit(LIB, Map.of("lib.h", "lib"));
        GitServer.git(github.work(APP), "update-index", "--add", "--cacheinfo", "160000," + Deliveries.COMMIT + ",lib");
        modules(APP, "lib", "../../bob/lib.git");
        String refusal = refusal(push(APP, MAIN, described()), Map.of());
        assertTrue(refusal.contains("commit " + Deliveries.COMMIT + " is not in http"), refusal);
    }

    @Test
    void endsSubmodulesThatContainThemselves() throws Exception {
        github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        for (int i = 0; i < 7; i++) {
            submodule(APP, "self", "../stocks.git", APP);
            GitServer.git(github.work(APP), "add", "DESCRIPTION");
            github.commitIndex(APP);
        }
        String commit = GitServer.git(github.work(APP), "rev-parse", "HEAD");
        String refusal = refusal(push(APP, MAIN, commit), Map.of());
        assertTrue(refusal.contains("self/self/self/self/self/self is one too many"), refusal);
    }

    @Test
    void leavesOutWhatGitmodulesDoesNotName() throws Exception {
        github.commit(LIB, Map.of("lib.h", "lib"));
        GitServer.git(
                github.work(APP), "update-index", "--add", "--cacheinfo", "160000," + Deliveries.COMMIT + ",stray");
        BuildRun run = checkout(described());
        assertTrue(log(run).contains("the submodule stray is left out"), log(run));
        assertTrue(Files.isDirectory(run.source().resolve("stray")));
    }

    @Test
    void refusesLinksOfSubmodulesThatLeaveTheRepository() throws Exception {
        github.commit(LIB, Map.of("secret", "-> ../../../etc/passwd"));
        submodule(APP, "lib", "../../bob/lib.git", LIB);
        String refusal = refusal(push(APP, MAIN, described()), Map.of());
        assertTrue(refusal.startsWith("a symbolic link leaves the repository: lib/secret"), refusal);
    }

    @Test
    void bringsWhatRemotesName() throws Exception {
        String first = github.commit(LIB, Map.of("DESCRIPTION", "first"));
        GitServer.git(github.work(LIB), "tag", "-am", "Release", "v1.9");
        String second = github.commit(LIB, Map.of("DESCRIPTION", "second"));
        GitServer.git(github.work(LIB), "tag", "v1.10");
        String third = github.commit(LIB, Map.of("DESCRIPTION", "third"));
        github.push(LIB, "--tags");
        github.push(LIB, "HEAD:refs/heads/feature/x");
        GitRemotes remotes = new GitRemotes(run(push(APP, MAIN, first)), config(Map.of()));
        Path into = root.resolve("remotes");
        assertEquals(third, remotes.fetch("bob", "lib", "", into.resolve("1")));
        assertEquals("third", Files.readString(into.resolve("1/DESCRIPTION")));
        assertEquals(second, remotes.fetch("bob", "lib", "*release", into.resolve("2")));
        assertEquals(first, remotes.fetch("bob", "lib", "v1.9", into.resolve("3")));
        assertEquals("first", Files.readString(into.resolve("3/DESCRIPTION")));
        assertEquals(third, remotes.fetch("bob", "lib", "feature/x", into.resolve("4")));
        assertEquals(second, remotes.fetch("bob", "lib", second, into.resolve("5")));
        for (String missing : List.of("nosuch", "a b", "..", "abcdef1")) {
            BuildFailure failure =
                    assertThrows(BuildFailure.class, () -> remotes.fetch("bob", "lib", missing, into.resolve("6")));
            assertTrue(failure.getMessage().contains("bob/lib.git has no branch or tag " + missing), failure::toString);
        }
        assertThrows(BuildFailure.class, () -> remotes.fetch("bob", "../lib", "", into.resolve("7")));
        assertThrows(BuildFailure.class, () -> remotes.fetch("bob", "none", "", into.resolve("8")));
    }

    @Test
    void stopsWhenTheServerStops() throws Exception {
        String commit = github.commit(APP, Map.of("DESCRIPTION", DESCRIPTION));
        BuildRun run = run(push(APP, MAIN, commit));
        stop.stop();
        assertThrows(BuildStopped.class, () -> new GitCheckout(run, config(Map.of()), repositories()).call());
    }

    private static Map<String, String> ssh(SshGitServer server, String key, Path hosts) {
        return Map.of("github.url", server.url().toString(), "github.key", key, "github.knownhosts", hosts.toString());
    }

    /** Adds another repository's head as a submodule, to be committed. */
    private void submodule(AppName app, String path, String url, AppName of) throws IOException {
        String commit = GitServer.git(github.bare(of), "rev-parse", "main");
        GitServer.git(github.work(app), "update-index", "--add", "--cacheinfo", "160000," + commit + "," + path);
        modules(app, path, url);
    }

    private void modules(AppName app, String path, String url) throws IOException {
        Files.writeString(
                github.work(app).resolve(".gitmodules"),
                "[submodule \"its name\"]\n\tpath = %s\n\turl = %s\n".formatted(path, url));
        GitServer.git(github.work(app), "add", ".gitmodules");
    }

    /** Commits what is added, with a DESCRIPTION. */
    private String described() throws IOException {
        Files.writeString(github.work(APP).resolve("DESCRIPTION"), DESCRIPTION);
        GitServer.git(github.work(APP), "add", "DESCRIPTION");
        return github.commitIndex(APP);
    }

    private static void assertSecret(String text) {
        assertFalse(text.contains("s3cret"), text);
        assertFalse(text.contains("Basic "), text);
    }
}
