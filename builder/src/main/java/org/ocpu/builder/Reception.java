package org.ocpu.builder;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ocpu.builder.PushOrder.Order;

/**
 * Makes builds of what deliveries bring: none twice, and of pushes to the same app that wait only the newest. Thread-safe; of
 * a repository one delivery at a time, so that two that bring the same see each other.
 */
final class Reception {
    private static final int KNOWN_PUSHES = 50;
    private static final int LOCKS = 64;

    private final GitHubWebhook webhook;
    private final BuildRecords records;
    private final BuildStore store;
    private final DeliveryStore deliveries;
    private final BooleanSupplier diskNearlyFull;
    private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();
    private final Consumer<Build> added;
    private final Consumer<AppName> closePreview;

    /**
     * @param added told of each new build, before it may be superseded
     * @param closePreview takes the app of a preview off the server, if it is there
     */
    Reception(
            GitHubWebhook webhook,
            BuildRecords records,
            DeliveryStore deliveries,
            BooleanSupplier diskNearlyFull,
            Consumer<Build> added,
            Consumer<AppName> closePreview) {
        this.webhook = webhook;
        this.records = records;
        this.store = records.store();
        this.deliveries = deliveries;
        this.diskNearlyFull = diskNearlyFull;
        this.added = added;
        this.closePreview = closePreview;
    }

    WebhookAnswer receive(Delivery delivery) {
        Verdict verdict = webhook.read(delivery);
        if (verdict instanceof Verdict.Answered answered && answered.answer().status() >= 400) {
            return answered.answer(); // not remembered: who sent it may not be GitHub
        }
        String repository = repository(verdict);
        WebhookAnswer answer;
        synchronized (lock(repository)) {
            answer = answer(delivery, verdict, repository);
        }
        store.sync(); // what is answered with 202 is on the disk
        return answer;
    }

    /** A build of a push that no delivery brought. */
    Build add(Push push, OptionalLong rebuildOf) {
        Build build;
        synchronized (lock(push.app().repository())) {
            List<Build> builds = store.ofApp(push.app(), KNOWN_PUSHES);
            build = same(push, builds, rebuildOf.isPresent()).orElseGet(() -> addNew(push, builds, rebuildOf));
        }
        store.sync();
        return build;
    }

    private Object lock(String repository) {
        return locks[Math.floorMod(repository.toLowerCase(Locale.ROOT).hashCode(), LOCKS)];
    }

    private WebhookAnswer answer(Delivery delivery, Verdict verdict, String repository) {
        Optional<String> id = DeliveryStore.id(delivery);
        Optional<WebhookAnswer> before = id.flatMap(deliveries::find).flatMap(this::answeredBefore);
        if (before.isPresent()) {
            return before.get();
        }
        WebhookAnswer answer = answer(verdict);
        if (answer.status() < 400) {
            id.ifPresent(given -> deliveries.keep(given, delivery, repository, answer));
        }
        return answer;
    }

    /** The same answer again, unless a build failed: who delivers it once more then wants that tried once more. */
    private Optional<WebhookAnswer> answeredBefore(DeliveryView delivery) {
        List<Build> builds = delivery.builds().stream()
                .flatMap(id -> store.build(id).stream())
                .toList();
        if (builds.isEmpty() || builds.stream().anyMatch(Reception::ended)) {
            return Optional.empty();
        }
        String states = builds.stream()
                .map(build -> "build #%d, which is %s"
                        .formatted(build.id(), build.state().label()))
                .collect(Collectors.joining(", "));
        return Optional.of(
                WebhookAnswer.accepted(delivery.builds(), List.of(), "this delivery came before; it led to " + states));
    }

    private static boolean ended(Build build) {
        return build.state() == State.FAILED || build.state() == State.CANCELLED;
    }

    private WebhookAnswer answer(Verdict verdict) {
        if (verdict instanceof Verdict.Accepted accepted) {
            return accept(accepted.pushes());
        }
        if (verdict instanceof Verdict.Closed closed) {
            closed.previews().forEach(closePreview);
            return WebhookAnswer.of(200, closed.message() + "; there is no preview of it any more");
        }
        return ((Verdict.Answered) verdict).answer();
    }

    private WebhookAnswer accept(List<Push> pushes) {
        if (diskNearlyFull.getAsBoolean()) {
            return WebhookAnswer.of(
                    507, "the disk of this server is nearly full; nothing was taken, so deliver it again later");
        }
        List<Long> builds = new ArrayList<>();
        List<Long> added = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        for (Push push : pushes) {
            String what = "commit %s of %s".formatted(push.shortCommit(), push.app());
            List<Build> before = store.ofApp(push.app(), KNOWN_PUSHES);
            Optional<Build> same = same(push, before, false);
            long build = same.orElseGet(() -> addNew(push, before, OptionalLong.empty()))
                    .id();
            builds.add(build);
            if (same.isEmpty()) {
                added.add(build);
            }
            messages.add(same.map(known -> "%s is build #%d already, which is %s"
                            .formatted(what, known.id(), known.state().label()))
                    .orElse(what + " will be built"));
        }
        return WebhookAnswer.accepted(builds, added, String.join("; ", messages));
    }

    /** The build that already does, or just did, what this push asks for. */
    private static Optional<Build> same(Push push, List<Build> builds, boolean again) {
        Optional<Build> open = builds.stream()
                .filter(build -> !build.state().finished() && sameSource(build.push(), push))
                .findFirst();
        return open.isPresent() || again
                ? open
                : builds.stream()
                        .filter(build -> build.state() != State.SUPERSEDED)
                        .limit(1)
                        .filter(build -> build.state() == State.SUCCEEDED && sameSource(build.push(), push))
                        .findFirst();
    }

    private static boolean sameSource(Push a, Push b) {
        return a.commit().equals(b.commit())
                && a.ref().equals(b.ref())
                && a.directory().equals(b.directory());
    }

    private Build addNew(Push push, List<Build> before, OptionalLong rebuildOf) {
        Build build = store.add(push, rebuildOf);
        added.accept(build);
        coalesce(build, before);
        return build;
    }

    /** Of pushes that wait, those known to be older than another need not be built. */
    private void coalesce(Build build, List<Build> before) {
        List<Push> known = before.stream().map(Build::push).toList();
        List<Build> waiting =
                before.stream().filter(other -> other.state() == State.QUEUED).toList();
        for (Build other : waiting) {
            Order order = build.order(other, known);
            if (order == Order.NEWER) {
                records.supersede(other, build);
            } else if (order == Order.OLDER) {
                records.supersede(build, other);
                return;
            }
        }
    }

    private static String repository(Verdict verdict) {
        if (verdict instanceof Verdict.Accepted accepted) {
            return accepted.pushes().get(0).app().repository();
        }
        return verdict instanceof Verdict.Closed closed
                ? closed.previews().get(0).repository()
                : "";
    }
}
