package org.ocpu.builder;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.ocpu.mailer.MailerConfig;
import org.ocpu.mailer.Outbox;

/** A server of its own process, to be killed: runs the sync {@code cran} and never ends by itself. */
final class KilledSync {
    private KilledSync() {}

    /**
     * Runs until it is killed.
     *
     * @param arguments the data directory, then settings, each a key and its value
     */
    public static void main(String[] arguments) throws InterruptedException {
        Path data = Path.of(arguments[0]);
        Map<String, String> settings = new HashMap<>();
        for (int i = 1; i < arguments.length; i += 2) {
            settings.put(arguments[i], arguments[i + 1]);
        }
        Outbox outbox = Outbox.open(data.resolve("outbox"), MailerConfig.from(Map.of()));
        BuildService builds = BuildService.open(BuilderConfig.from(settings), data, new Rscript(), outbox);
        System.out.println("runs " + builds.syncs().run("cran").id());
        System.out.flush();
        new CountDownLatch(1).await();
    }
}
