package org.ocpu.builder;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a verified {@link Push} of a delivery, or the answer that says why not, in fixed order: authenticate, filter,
 * parse. Accepting is the caller's. Touches neither disk nor network.
 *
 * <p>Behaves as GitHub's "Webhook events and payloads" and "Validating webhook deliveries" describe.
 */
final class GitHubWebhook {
    private static final Set<String> PARAMETERS = Set.of("sendmail", "mail_owner");

    private final Optional<String> secret;

    GitHubWebhook(Optional<String> secret) {
        this.secret = secret;
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
        return event.filter(name -> !name.equals("push"))
                .map(name -> Verdict.answer(
                        200,
                        name.equals("ping")
                                ? "pong: pushes to the default branch will be built"
                                : "ignored: the event is " + Text.line(name, 50) + ", not push"));
    }

    private static Verdict parse(Delivery delivery) {
        try {
            return PushPayload.read(delivery).push(wishes(delivery));
        } catch (UnusableDelivery e) {
            return Verdict.answer(e.status(), e.getMessage());
        }
    }

    private static Push.Wishes wishes(Delivery delivery) {
        Set<String> unknown = new TreeSet<>(delivery.query().keySet());
        unknown.removeAll(PARAMETERS);
        if (!unknown.isEmpty()) {
            throw new UnusableDelivery(
                    400, "unknown parameter of the webhook: " + Text.line(String.join(", ", unknown), 200));
        }
        return new Push.Wishes(
                wish(delivery, "sendmail"), Optional.of(wish(delivery, "mail_owner")), RefPolicy.DEFAULT);
    }

    private static boolean wish(Delivery delivery, String parameter) {
        String value = delivery.query().getOrDefault(parameter, "true");
        if (!value.equals("true") && !value.equals("false")) {
            throw new UnusableDelivery(400, parameter + " must be true or false, is " + Text.line(value, 50));
        }
        return value.equals("true");
    }
}
