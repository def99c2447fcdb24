package org.ocpu.builder;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** GitHub's event {@code pull_request}: a preview comes, changes or goes. */
final class PullRequestEvent {
    private static final Set<String> BUILT = Set.of("opened", "reopened", "synchronize", "ready_for_review");

    private final Payload payload;
    private final Hook hook;
    private final BuilderConfig.Builds config;

    PullRequestEvent(Payload payload, Hook hook, BuilderConfig.Builds config) {
        this.payload = payload;
        this.hook = hook;
        this.config = config;
    }

    Verdict verdict() {
        if (!config.previews()) {
            return ignored("previews of pull requests are switched off here (previews: true)");
        }
        payload.require(
                "action",
                "pull_request.head.sha",
                "repository.name",
                "repository.owner.login",
                "repository.default_branch");
        AppName app = payload.app();
        long number = payload.at("/number").asLong();
        if (number < 1) {
            throw new UnusableDelivery(400, "the payload lacks number");
        }
        String action = payload.text("/action").orElseThrow();
        AppName preview = app.withPreview("pr-" + number);
        if (action.equals("closed")) {
            List<AppName> all = hook.directories().stream()
                    .map(directory -> hook.app(preview, directory))
                    .toList();
            return new Verdict.Closed(all, "pull request #%d was closed".formatted(number));
        }
        if (!BUILT.contains(action)) {
            return ignored("pull request #%d was %s".formatted(number, Text.line(action, 50)));
        }
        if (fork(app) && !config.previewsOfForks()) {
            return ignored(
                    "pull request #%d comes from a fork (previews.forks: true builds those, too)".formatted(number));
        }
        return accepted(preview, number);
    }

    private boolean fork(AppName app) {
        return payload.text("/pull_request/head/repo/full_name")
                .filter(name -> name.equalsIgnoreCase(app.repository()))
                .isEmpty();
    }

    private Verdict accepted(AppName preview, long number) {
        String commit = payload.text("/pull_request/head/sha").orElseThrow();
        Person author = payload.person(payload.text("/sender/login").orElse("someone"), "/sender/email");
        List<PushedCommit> commits = List.of(new PushedCommit(
                commit,
                "#%d %s"
                        .formatted(
                                number,
                                Text.line(payload.text("/pull_request/title").orElse(""), 300)),
                author.name()));
        try {
            return new Verdict.Accepted(hook.directories().stream()
                    .map(directory -> new Push(
                            hook.app(preview, directory),
                            directory,
                            "refs/pull/" + number + "/head",
                            commit,
                            payload.text("/before"),
                            false,
                            Optional.empty(),
                            author,
                            payload.owner(),
                            commits,
                            payload.open(),
                            hook.wishes()))
                    .toList());
        } catch (IllegalArgumentException e) {
            throw new UnusableDelivery(400, e.getMessage());
        }
    }

    private static Verdict ignored(String reason) {
        return Verdict.answer(200, "ignored: " + reason);
    }
}
