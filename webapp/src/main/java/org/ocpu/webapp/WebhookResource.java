package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.Delivery;
import org.ocpu.builder.WebhookAnswer;

/** Where GitHub delivers pushes. */
final class WebhookResource {
    private final BuildService builds;
    private final WebConfig config;

    WebhookResource(BuildService builds, WebConfig config) {
        this.builds = builds;
        this.config = config;
    }

    void receive(Context ctx) {
        WebhookAnswer answer = builds.receive(delivery(ctx));
        ctx.status(answer.status()).json(answer.body());
    }

    private Delivery delivery(Context ctx) {
        Map<String, String> headers = ctx.headerMap().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
        String type = Objects.requireNonNullElse(ctx.header("Content-Type"), "");
        return new Delivery(type, headers, Body.readDelivery(ctx, config.maxBody()), UrlEncodedForm.query(ctx));
    }

    void explain(Context ctx) {
        String address = ctx.scheme() + "://" + ctx.host() + config.root() + "/webhook";
        Answers.text(ctx, """
                Push an R package to GitHub, and it is live here moments later.

                In the repository on GitHub: Settings, Webhooks, Add webhook, and then
                  Payload URL    %s
                  Content type   application/json
                  Secret         what the server's admin tells you (webhook.secret in the data directory)
                  Events         just the push event; pull requests, too, for previews where the server makes them

                Each push to the default branch is built, unless its commit's message has [skip ci]. The payload URL can ask for
                something else; parameters go together with &:
                  ?subdir=pkg          the package is in the directory pkg
                  ?subdir=a,pkg/b      two packages of one repository, live below its address as a and b
                  ?ref=stable          follow this branch
                  ?ref=*release        follow tags that are versions, like v1.2.0
                  ?sendmail=false      no mails
                  ?mail_owner=false    mail only who pushed, not the repository's owner

                The answer to the delivery names the build and its page, or says why nothing is built. Redeliver on GitHub builds
                once more what failed.
                See also https://docs.github.com/en/webhooks
                """.formatted(address));
    }
}
