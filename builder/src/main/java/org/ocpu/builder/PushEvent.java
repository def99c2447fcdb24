package org.ocpu.builder;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** GitHub's event {@code push}: what of it concerns this server. */
final class PushEvent {
    private static final String HEADS = "refs/heads/";
    private static final String TAGS = "refs/tags/";
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_MESSAGE = 1_000;

    private final Payload payload;
    private final Hook hook;
    private final boolean previews;

    PushEvent(Payload payload, Hook hook, boolean previews) {
        this.payload = payload;
        this.hook = hook;
        this.previews = previews;
    }

    Verdict verdict() {
        payload.require("ref", "after", "repository.name", "repository.owner.login", "repository.default_branch");
        AppName app = payload.app();
        String ref = payload.text("/ref").orElseThrow();
        if (ref.startsWith(TAGS)) {
            return tag(app, ref);
        }
        if (!ref.startsWith(HEADS) || ref.equals(HEADS)) {
            return ignored(Text.line(ref, LONGEST_NAME) + " is not a branch");
        }
        return branch(app, ref, ref.substring(HEADS.length()));
    }

    private Verdict tag(AppName app, String ref) {
        String tag = ref.substring(TAGS.length());
        if (!hook.wishes().ref().equals(RefPolicy.RELEASE)) {
            return ignored(Text.line(ref, LONGEST_NAME) + " is not a branch");
        }
        if (!RefPolicy.isRelease(tag)) {
            return ignored("the tag " + Text.line(tag, LONGEST_NAME) + " is not a version");
        }
        return deleted() ? ignored("the tag " + Text.line(tag, LONGEST_NAME) + " was deleted") : accepted(app, ref);
    }

    private Verdict branch(AppName app, String ref, String branch) {
        String shown = Text.line(branch, LONGEST_NAME);
        RefPolicy policy = hook.wishes().ref();
        boolean named = !policy.equals(RefPolicy.DEFAULT) && !policy.equals(RefPolicy.RELEASE);
        String followed = named ? policy.text() : payload.defaultBranch().orElseThrow();
        if (branch.equals(followed) && !policy.equals(RefPolicy.RELEASE)) {
            return deleted() ? ignored("the branch " + shown + " was deleted") : accepted(app, ref);
        }
        if (previews && branch.matches("pr-[0-9]+")) {
            return ignored("the branch " + shown + " is called like the preview of a pull request");
        }
        if (previews && !branch.equals(followed)) {
            return preview(app, ref, branch);
        }
        if (deleted()) {
            return ignored("the branch " + shown + " was deleted");
        }
        return ignored(
                policy.equals(RefPolicy.RELEASE)
                        ? shown + " is a branch; the webhook's ref=*release asks for tags"
                        : "%s is not the %s %s"
                                .formatted(
                                        shown,
                                        named ? "branch of the webhook's ref," : "default branch",
                                        Text.line(followed, LONGEST_NAME)));
    }

    private Verdict preview(AppName app, String ref, String branch) {
        try {
            AppName preview = app.withPreview(branch);
            return deleted()
                    ? new Verdict.Closed(
                            hook.directories().stream()
                                    .map(directory -> hook.app(preview, directory))
                                    .toList(),
                            "the branch " + Text.line(branch, LONGEST_NAME) + " was deleted")
                    : accepted(preview, ref);
        } catch (IllegalArgumentException e) {
            return ignored("the branch " + Text.line(branch, LONGEST_NAME)
                    + " can have no preview: its name has characters other than letters, digits and ._-/");
        }
    }

    private boolean deleted() {
        return payload.at("/deleted").asBoolean()
                || payload.text("/after").orElseThrow().matches("0+");
    }

    private Verdict accepted(AppName app, String ref) {
        String commit = payload.text("/after").orElseThrow();
        Optional<String> skip = payload.text("/head_commit/message").flatMap(SkipWords::in);
        if (skip.isPresent()) {
            return ignored("the commit's message has " + skip.get());
        }
        try {
            return new Verdict.Accepted(hook.directories().stream()
                    .map(directory -> push(hook.app(app, directory), directory, ref, commit))
                    .toList());
        } catch (IllegalArgumentException e) {
            throw new UnusableDelivery(400, e.getMessage());
        }
    }

    private Push push(AppName app, String directory, String ref, String commit) {
        return new Push(
                app,
                directory,
                ref,
                commit,
                payload.text("/before").filter(before -> !before.matches("0+")),
                payload.at("/forced").asBoolean(),
                pushedAt(),
                payload.person(payload.text("/pusher/name").orElse("someone"), "/pusher/email"),
                payload.owner(),
                commits(),
                payload.open(),
                hook.wishes());
    }

    /** Epoch seconds in a push, ISO 8601 in GitHub's other events. */
    private Optional<Instant> pushedAt() {
        JsonNode seconds = payload.at("/repository/pushed_at");
        return seconds.isIntegralNumber() && seconds.canConvertToLong() && seconds.longValue() > 0
                ? Optional.of(Instant.ofEpochSecond(Math.min(seconds.longValue(), 253_402_300_799L)))
                : Optional.empty();
    }

    private List<PushedCommit> commits() {
        List<PushedCommit> all = new ArrayList<>();
        for (JsonNode commit : payload.at("/commits")) {
            all.add(commit(commit));
        }
        if (all.isEmpty()) { // a new branch or tag at a commit that was known before
            Stream.of(payload.at("/head_commit"))
                    .filter(JsonNode::isObject)
                    .map(PushEvent::commit)
                    .forEach(all::add);
        }
        return all.subList(Math.max(0, all.size() - Push.MOST_COMMITS), all.size());
    }

    private static PushedCommit commit(JsonNode commit) {
        return new PushedCommit(
                Text.line(commit.path("id").asText(), 64),
                Text.shorten(commit.path("message").asText().strip(), LONGEST_MESSAGE),
                Text.line(commit.at("/author/name").asText(), LONGEST_NAME));
    }

    private static Verdict ignored(String reason) {
        return Verdict.answer(200, "ignored: " + reason);
    }
}
