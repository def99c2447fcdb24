package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Apps that need packages which the server does not have. */
class DependenciesIT extends BuildFixture {
    private static final AppName BONDS = new AppName("Bob", "Bonds");

    private CranServer cran;

    @BeforeEach
    void serve() throws IOException {
        cran = new CranServer(root.resolve("cran"));
        reopen(Map.of("repos", cran.url().toString()));
    }

    @AfterEach
    void stop() {
        cran.close();
    }

    @Test
    void installsAChainOfPackagesWithCompiledCodeIntoTheAppsOwnLibrary() throws Exception {
        addChain();
        BuildView build = push(needing("stocks", "Imports: chainc (>= 1.0), stats", "chainc::answer()"));

        assertEquals(State.SUCCEEDED, build.state(), () -> log(build));
        assertEquals("42", answer());
        assertTrue(log(build).contains("chaina 1.0: installing from " + cran.url()), log(build));
        assertFalse(log(build).contains(data().toString()), log(build));
        for (String name : List.of("chaina", "chainb", "chainc", "stocks")) {
            assertTrue(Files.exists(data().resolve("apps/alice/stocks/current/" + name + "/DESCRIPTION")), name);
        }
    }

    @Test
    void takesFromTheCacheWhatAnyAppHadInstalled() throws Exception {
        addChain();
        push(needing("stocks", "Imports: chainc", "chainc::answer()"));
        BuildView second = push(BONDS, needing("bonds", "Imports: chainc", "chainc::answer()"));

        assertEquals(State.SUCCEEDED, second.state(), () -> log(second));
        for (String name : List.of("chaina", "chainb", "chainc")) {
            assertTrue(log(second).contains(name + " 1.0: from the cache"), log(second));
        }
        assertFalse(log(second).contains("gcc"), log(second));
        assertEquals("42", answer("apps/bob/bonds", "bonds"));
    }

    @Test
    void givesTwoAppsDifferentVersionsOfAPackageOneOfThemFromTheArchive() throws Exception {
        cran.add("pinned", RPackage.answering("pinned", "1.0", "1"));
        cran.add("pinned", RPackage.answering("pinned", "2.0", "2"));
        BuildView old = push(needing("stocks", "Imports: pinned (== 1.0)", "pinned::answer()"));
        BuildView current = push(BONDS, needing("bonds", "Imports: pinned (>= 1.5)", "pinned::answer()"));

        assertEquals(State.SUCCEEDED, old.state(), () -> log(old));
        assertEquals(State.SUCCEEDED, current.state(), () -> log(current));
        assertEquals("1", answer());
        assertEquals("2", answer("apps/bob/bonds", "bonds"));
    }

    @Test
    void pinsWhatTheServerHasInAnotherVersion() throws Exception {
        cran.add("digest", RPackage.answering("digest", "99.0", "99"));
        BuildView build = push(needing("stocks", "Imports: digest (>= 99.0)", "digest::answer()"));
        assertEquals(State.SUCCEEDED, build.state(), () -> log(build));
        assertEquals("99", answer());
    }

    @Test
    void namesEverythingThatIsMissingAtOnce() throws Exception {
        cran.add("pinned", RPackage.answering("pinned", "2.0", "2"));
        Map<String, String> greedy = RPackage.answering("greedy", "1.0", "1");
        greedy.merge("DESCRIPTION", "Imports: nosuchthree\nSystemRequirements: JAGS (>= 4), foo\n", String::concat);
        cran.add("greedy", greedy);
        BuildView build = push(needing(
                "stocks",
                "Imports: nosuchone, nosuchtwo (>= 2.0), pinned (>= 3.0), greedy\nSystemRequirements: Poppler C++ API; libcurl (optional)",
                "1"));

        assertEquals("dependencies", build.failedStage().orElseThrow(), () -> log(build));
        String failure = build.failure().orElseThrow();
        for (String part : List.of(
                "nosuchone: stocks needs nosuchone; not on this server, not in " + cran.url(),
                "nosuchtwo: stocks needs nosuchtwo (>= 2.0); not on this server",
                "nosuchthree: greedy needs nosuchthree; not on this server",
                "pinned: stocks needs pinned (>= 3.0); not on this server, " + cran.url() + " has 2.0",
                "stocks needs the system's Poppler C++ API: apt-get install libpoppler-cpp-dev",
                "greedy needs the system's JAGS (>= 4): apt-get install jags")) {
            assertTrue(failure.contains(part), () -> part + " is not in " + failure);
        }
        assertFalse(failure.contains("libcurl"), failure);
    }

    @Test
    void failsWithTheReasonWhenARepositoryIsNeededAndDown() throws Exception {
        cran.close();
        BuildView build = push(needing("stocks", "Imports: pinned", "1"));
        assertEquals("dependencies", build.failedStage().orElseThrow(), () -> log(build));
        String failure = build.failure().orElseThrow();
        assertTrue(failure.contains("the repository " + cran.url() + " cannot be reached: "), failure);
        assertTrue(failure.contains("pinned: stocks needs pinned"), failure);
    }

    @Test
    void doesNotMindARepositoryThatIsDownWhenNothingIsNeededFromIt() throws Exception {
        cran.close();
        BuildView build = push(needing("stocks", "Imports: stats, jsonlite (>= 1.0)", "7"));
        assertEquals(State.SUCCEEDED, build.state(), () -> log(build));
        assertTrue(log(build).contains("this server has all that the package needs"), log(build));
    }

    @Test
    void namesCirclesAndNeedsOfANewerR() throws Exception {
        Map<String, String> one = RPackage.answering("circleone", "1.0", "1");
        one.merge("DESCRIPTION", "Imports: circletwo\n", String::concat);
        Map<String, String> two = RPackage.answering("circletwo", "1.0", "1");
        two.merge("DESCRIPTION", "Imports: circleone\n", String::concat);
        Map<String, String> modern = RPackage.answering("modern", "1.0", "1");
        modern.merge("DESCRIPTION", "Depends: R (>= 99.0)\n", String::concat);
        cran.addUnbuilt("circleone", one);
        cran.addUnbuilt("circletwo", two);
        cran.addUnbuilt("modern", modern);
        BuildView build = push(needing("stocks", "Imports: circleone, modern", "1"));
        String failure = build.failure().orElseThrow();
        assertTrue(failure.contains("circular dependencies: circleone -> circletwo -> circleone"), failure);
        assertTrue(failure.contains("modern 1.0 needs R (>= 99.0); this server has R "), failure);
    }

    @Test
    void installsRemotesAndTheirRemotes() throws Exception {
        Map<String, String> helper =
                needing("helper", "Imports: deep\nRemotes: github::carol/deep@main", "deep::answer() + 1");
        AppName carols = new AppName("carol", "tools");
        Map<String, String> below = new HashMap<>();
        helper.forEach((name, content) -> below.put("pkg/" + name, content));
        String commit = github.commit(carols, below);
        github.commit(new AppName("carol", "deep"), RPackage.answering("deep", "0.1", "10"));
        BuildView build =
                push(needing("stocks", "Imports: helper\nRemotes: carol/tools/pkg@" + commit, "helper::answer()"));

        assertEquals(State.SUCCEEDED, build.state(), () -> log(build));
        assertEquals("11", answer());
        assertTrue(log(build).contains("remote carol/tools: helper 1.0, commit " + commit), log(build));
        BuildView again = push(needing("stocks", "Imports: helper\nRemotes: carol/tools/pkg", "helper::answer() + 1"));
        assertEquals("12", answer(), () -> log(again));
        assertTrue(log(again).contains("helper 1.0: from the cache"), log(again));
    }

    @Test
    void namesRemotesThatCannotBeHad() throws Exception {
        BuildView build =
                push(needing("stocks", "Imports: gone, lab, nosuchone\nRemotes: carol/gone, gitlab::carol/lab", "1"));
        String failure = build.failure().orElseThrow();
        assertEquals("dependencies", build.failedStage().orElseThrow(), failure);
        assertTrue(failure.contains("the remote carol/gone: "), failure);
        assertTrue(failure.contains("Remotes: gitlab::carol/lab is not supported"), failure);
        assertTrue(failure.contains("nosuchone: stocks needs nosuchone"), failure);
        assertFalse(failure.contains("gone: stocks needs"), failure);
    }

    @Test
    void failsWithRsWordsWhenADependencyDoesNotInstall() throws Exception {
        cran.addUnbuilt("broken", RPackage.with("broken", "1.0", "stop('not today')\n"));
        BuildView build = push(needing("stocks", "Imports: broken", "1"));
        String failure = build.failure().orElseThrow();
        assertTrue(failure.contains("broken 1.0 could not be installed:") && failure.contains("not today"), failure);
    }

    @Test
    void keepsADependencysCodeFromChangingWhatOtherAppsHave() throws Exception {
        cran.add("chaina", RPackage.answering("chaina", "1.0", "42"));
        push(needing("stocks", "Imports: chaina", "chaina::answer()"));
        Map<String, String> evil = needing("bonds", "Imports: chaina", "chaina::answer()");
        evil.put("R/evil.R", """
                for (file in list.files(find.package("chaina"), recursive = TRUE, full.names = TRUE)) {
                  try(writeLines("evil", file), silent = TRUE)
                }
                """);
        push(BONDS, evil);
        assertEquals("42", answer());
    }

    @Test
    void leavesOutWhatRbuildignoreNames() throws Exception {
        Map<String, String> files = RPackage.answering("stocks", "1.0", "42");
        files.put(".Rbuildignore", "^inst/secret\\.txt$\n^INST/drafts$\n\n\\.tmp[[:digit:]]+$\n");
        files.put("inst/secret.txt", "x");
        files.put("inst/Drafts/a.txt", "x");
        files.put("inst/kept.txt", "x");
        files.put("inst/a.tmp12", "x");
        files.put("inst/a.txt~", "x");
        BuildView build = push(files);
        assertEquals(State.SUCCEEDED, build.state(), () -> log(build));
        var app = data().resolve("apps/alice/stocks/current/stocks");
        assertTrue(Files.exists(app.resolve("kept.txt")));
        for (String gone : List.of("secret.txt", "Drafts", "a.tmp12", "a.txt~")) {
            assertFalse(Files.exists(app.resolve(gone)), gone);
        }
    }

    @Test
    void failsNamingALineOfRbuildignoreThatIsNoPattern() throws Exception {
        Map<String, String> files = RPackage.answering("stocks", "1.0", "42");
        files.put(".Rbuildignore", "^fine$\n^(open\n");
        BuildView build = push(files);
        String failure = build.failure().orElseThrow();
        assertTrue(failure.contains(".Rbuildignore, line 2 (^(open) is not a regular expression"), failure);
    }

    private void addChain() throws IOException {
        cran.add("chaina", RPackage.compiled("chaina", "1.0", 42));
        cran.addUnbuilt("chainb", needing("chainb", "Imports: chaina", "chaina::answer()"));
        cran.addUnbuilt("chainc", needing("chainc", "Imports: chainb", "chainb::answer()"));
    }

    private static Map<String, String> needing(String name, String fields, String answer) {
        return RPackage.needing(name, "1.0", fields, answer);
    }

    private BuildView push(AppName app, Map<String, String> files) throws Exception {
        return finished(builds.receive(Deliveries.push(app, github.commit(app, files))));
    }

    private String answer(String app, String name) throws IOException {
        return Rscript.run(".libPaths('%s'); cat(getExportedValue(loadNamespace('%s'), 'answer')())"
                .formatted(data().resolve(app).resolve("current"), name));
    }

    private String log(BuildView build) {
        try {
            return build + "\n" + Files.readString(builds.log(build.id()).orElseThrow());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
