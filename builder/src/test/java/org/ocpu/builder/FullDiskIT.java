package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.mailer.MailerConfig;
import org.ocpu.mailer.Outbox;

class FullDiskIT {
    @TempDir
    Path root;

    @Test
    void refusesPushesWhileTheDiskIsNearlyFullAndLosesNothing() throws Exception {
        Path data = Files.createDirectory(root.resolve("data"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=100m", "none", data.toString()), "no file system to fill");
        try (Outbox outbox = Outbox.open(data.resolve("outbox"), MailerConfig.from(Map.of()));
                BuildService builds = BuildService.open(
                        BuilderConfig.from(Map.of("webhook.secret", Deliveries.SECRET)), data, new Rscript(), outbox)) {
            Delivery push =
                    Deliveries.saying(Deliveries.push(BuildFixture.APP, Deliveries.COMMIT), "x-github-delivery", "d-1");
            WebhookAnswer answer = builds.receive(push);
            assertEquals(507, answer.status(), answer::toString);
            assertTrue(answer.message().contains("disk of this server is nearly full"), answer::toString);
            assertEquals(List.of(), builds.builds(BuildQuery.newest(10)));
            assertEquals(List.of(), builds.deliveries(10), "GitHub may deliver it again");
        } finally {
            assertTrue(run("umount", data.toString()));
        }
    }

    @Test
    void aDownloadThatFillsTheDiskSaysSoAndFreesIt() throws Exception {
        Path served = Files.createDirectory(root.resolve("served"));
        Files.write(served.resolve("stocks_1.0.tar.gz"), new byte[2 << 20]);
        Path small = Files.createDirectory(root.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "none", small.toString()), "no file system to fill");
        try (FileServer web = new FileServer(served)) {
            IndexEntry entry = new IndexEntry("stocks", "1.0", Optional.empty(), web.url(), List.of());
            Downloads downloads = new Downloads(small, "test");
            BuildFailure failure = assertThrows(
                    BuildFailure.class,
                    () -> downloads.get(entry, Long.MAX_VALUE, (bytes, size) -> {}, new StopSignal()));
            assertEquals("the disk of this server is full", failure.getMessage());
            assertEquals(List.of(), Disk.list(small));
            assertEquals(1, web.count("/stocks_1.0.tar.gz"), "nobody tries again");
        } finally {
            assertTrue(run("umount", small.toString()));
        }
    }

    @Test
    void aRunOfASyncOnADiskThatFillsUpLeavesTheLibraryAsItWas() throws Exception {
        Path data = Files.createDirectory(root.resolve("data"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=300m", "none", data.toString()), "no file system to fill");
        try (CranServer cran = new CranServer(root.resolve("cran"))) {
            cran.addAll(List.of(RPackage.answering("greedy", "1.0", "1"), RPackage.answering("modest", "1.0", "1")));
            sync(cran, data);
            Map<String, String> greedy = RPackage.answering("greedy", "2.0", "2");
            greedy.put(
                    "R/greedy.R",
                    "for (i in 1:40) writeBin(raw(10e6), file.path(Sys.getenv('R_PACKAGE_DIR'), paste0('noise', i)))\n");
            cran.addUnbuilt("greedy", greedy);
            cran.addAll(List.of(RPackage.answering("modest", "2.0", "2")));
            assertEquals("FAILED [greedy FAILED, modest UPDATED]", sync(cran, data));
            assertEquals("1 2", SyncFixture.answers(data.resolve("cran/current"), List.of("greedy", "modest")));

            cran.addAll(List.of(RPackage.answering("modest", "3.0", "3")));
            Files.write(data.resolve("filler"), new byte[150 << 20]);
            assertEquals("the disk of this server is nearly full: nothing is installed", sync(cran, data));
            assertEquals("1 2", SyncFixture.answers(data.resolve("cran/current"), List.of("greedy", "modest")));
        } finally {
            assertTrue(run("umount", data.toString()));
        }
    }

    /** Runs a sync, one package after the other, and tells what came of it. */
    private static String sync(CranServer cran, Path data) throws Exception {
        BuilderConfig config =
                BuilderConfig.from(SyncFixture.settings(cran, "greedy modest", "sync.cran.parallel", "1"));
        try (Outbox outbox = Outbox.open(data.resolve("outbox"), MailerConfig.from(Map.of()));
                BuildService builds = BuildService.open(config, data, new Rscript(), outbox)) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            long id = builds.syncs().run("cran").id();
            builds.syncs().follow(id, new SyncListener() {
                @Override
                public void run(SyncRunView now) {}

                @Override
                public void changed(SyncPackageView changed) {}

                @Override
                public void end() {
                    ended.complete(null);
                }
            });
            ended.get(1, TimeUnit.MINUTES);
            SyncRunView run = builds.syncs().find(id).orElseThrow();
            List<String> packages = builds.syncs().packages(id).stream()
                    .map(one -> one.name() + " " + one.state())
                    .sorted()
                    .toList();
            return run.problem().orElse(run.state() + " " + packages);
        } finally {
            SyncFixture.assertWhole(data);
        }
    }

    @Test
    void fetchesNoGistWhileTheDiskIsNearlyFull() throws Exception {
        Path data = Files.createDirectory(root.resolve("data"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=100m", "none", data.toString()), "no file system to fill");
        try (GitServer server = new GitServer(root.resolve("gists"))) {
            server.commit(new AppName("ada", "0a1b"), Map.of("run.R", "1\n"));
            BuilderConfig config =
                    BuilderConfig.from(Map.of("gist.url", server.url().toString()));
            Gists gists = Gists.open(config, data, new StopSignal());
            GistException full = assertThrows(GistException.class, () -> gists.open("ada", "0a1b"));
            assertEquals(GistException.Why.DISK_FULL, full.why());
            assertTrue(full.getMessage().contains("disk of this server is nearly full"), full.getMessage());
        } finally {
            assertTrue(run("umount", data.toString()));
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
