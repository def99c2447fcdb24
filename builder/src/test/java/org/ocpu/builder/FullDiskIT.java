package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
