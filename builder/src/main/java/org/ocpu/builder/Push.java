package org.ocpu.builder;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A verified push to a repository, or whatever else asks for a build of one of its commits: all that a build needs to know.
 *
 * @param directory where in the repository the package is; empty for its root
 * @param ref the whole name of what was pushed: {@code refs/heads/main}, {@code refs/tags/v1.2}, {@code refs/pull/7/head}
 * @param before what the ref pointed at before; absent for a new one
 * @param forced whether the commit does not descend from the one before
 * @param pushedAt when GitHub took the push, in whole seconds
 * @param commits the newest ones, at most {@link #MOST_COMMITS}
 * @param open whether anyone may read the repository; not where that is not known
 * @param wishes what the webhook's query parameters ask for
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Push(
        AppName app,
        String directory,
        String ref,
        String commit,
        Optional<String> before,
        boolean forced,
        Optional<Instant> pushedAt,
        Person pusher,
        Optional<Person> owner,
        List<PushedCommit> commits,
        boolean open,
        Wishes wishes) {
    static final int MOST_COMMITS = 20;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern REF = Pattern.compile("refs/(heads|tags|pull)/[^\\p{Cntrl} ~^:?*\\[\\\\]{1,250}");
    private static final Pattern DIRECTORY = Pattern.compile("|[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+){0,9}");

    /**
     * @param sendMail {@code sendmail=false} switches the mail off
     * @param mailOwner {@code mail_owner=false} leaves the owner out; absent: as the server is set
     * @param ref which pushes the app follows
     */
    record Wishes(boolean sendMail, Optional<Boolean> mailOwner, RefPolicy ref) {
        static final Wishes NONE = new Wishes(true, Optional.empty(), RefPolicy.DEFAULT);
    }

    Push {
        commits = List.copyOf(commits);
        if (!COMMIT.matcher(commit).matches()) {
            throw new IllegalArgumentException("not a commit: " + Text.line(commit, 100));
        }
        if (!REF.matcher(ref).matches() || ref.contains("..") || ref.contains("//") || ref.endsWith("/")) {
            throw new IllegalArgumentException("not a branch or tag: " + Text.line(ref, 100));
        }
        if (!DIRECTORY.matcher(directory).matches() || ("/" + directory + "/").matches(".*/\\.{1,2}/.*")) {
            throw new IllegalArgumentException("not a directory of a repository: " + Text.line(directory, 100));
        }
    }

    /** The branch or tag without its kind; {@code 7/head} of a pull request. */
    String branch() {
        return ref.replaceFirst("refs/[a-z]+/", "");
    }

    /** The first line of the commit's message, if it came along. */
    String message() {
        return commits.stream()
                .filter(one -> one.id().equals(commit))
                .findFirst()
                .map(one -> Text.line(Text.firstLine(one.message()), 200))
                .orElse("");
    }

    String shortCommit() {
        return commit.substring(0, 7);
    }
}
