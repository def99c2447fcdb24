package org.ocpu.builder;

import java.util.Optional;
import java.util.Set;

/**
 * Makes verified {@link Push}es of a delivery, or the answer that says why not, in fixed order: authenticate, filter,
 * parse. Accepting is the caller's. Touches neither disk nor network.
 *
 * <p>Behaves as GitHub's "Webhook events and payloads" and "Validating webhook deliveries" describe.
 */
final class GitHubWebhook {
    private static final Set<String> EVENTS = Set.of("push", "pull_request");

    private final Optional<String> secret;
    private final BuilderConfig.Builds config;

    GitHubWebhook(BuilderConfig config) {
        this.secret = config.secret();
        this.config = config.builds();
    }

    Verdict read(Delivery delivery) {
        return authenticate(delivery).or(() -> filter(delivery)).orElseGet(() -> parse(delivery));
    }

    private Optional<Verdict> authenticate(Delivery delivery) {
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> signature = delivery.header(WebhookSignature.HEADER);
        if (signature.isEmpty()) {
            return Optional.of(Verdict.answer(
                    401, "X-Hub-Signature-256 is missing: set the webhook's secret on GitHub to this server's"));
        }
        return signature
                .filter(claimed -> !WebhookSignature.matches(claimed, delivery.body(), secret.get()))
                .map(wrong ->
                        Verdict.answer(401, "X-Hub-Signature-256 is wrong: the webhook's secret is not this server's"));
    }

    private static Optional<Verdict> filter(Delivery delivery) {
        Optional<String> event = delivery.header("x-github-event");
        if (event.isEmpty()) {
            return Optional.of(Verdict.answer(400, "X-GitHub-Event is missing"));
        }
        return event.filter(name -> !EVENTS.contains(name))
                .map(name -> Verdict.answer(
                        200,
                        name.equals("ping")
                                ? "pong: pushes will be built"
                                : "ignored: the event is " + Text.line(name, 50) + ", not push or pull_request"));
    }

    private Verdict parse(Delivery delivery) {
        try {
            Payload payload = Payload.read(delivery);
            Hook hook = Hook.read(delivery.query());
            boolean push = delivery.header("x-github-event").orElseThrow().equals("push");
            return push
                    ? new PushEvent(payload, hook, config.previews()).verdict()
                    : new PullRequestEvent(payload, hook, config).verdict();
        } catch (UnusableDelivery e) {
            return Verdict.answer(e.status(), e.getMessage());
        } catch (IllegalArgumentException e) { // a name that cannot be an app's
            return Verdict.answer(400, e.getMessage());
        }
    }
}
