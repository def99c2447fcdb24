package org.ocpu.builder;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.ocpu.mailer.MailerConfig;
import org.ocpu.mailer.Outbox;

/** A server of its own process, to be killed: takes one push, says how far it is, and never ends by itself. */
final class KilledServer {
    private KilledServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path data = Path.of(arguments[0]);
        BuilderConfig config =
                BuilderConfig.from(Map.of("github.url", arguments[1], "webhook.secret", Deliveries.SECRET));
        Outbox outbox = Outbox.open(data.resolve("outbox"), MailerConfig.from(Map.of()));
        BuildService builds = BuildService.open(config, data, new Rscript(), outbox);
        AppName app = new AppName(arguments[2], arguments[3]);
        long id =
                (Long) builds.receive(Deliveries.push(app, arguments[4])).body().get("build");
        say("accepted " + id);
        builds.follow(id, 0, new LogListener() {
            @Override
            public void line(long number, String text) {
                say(text);
            }

            @Override
            public void end() {
                say("end");
            }
        });
        new CountDownLatch(1).await();
    }

    private static void say(String text) {
        System.out.println(text);
        System.out.flush();
    }
}
