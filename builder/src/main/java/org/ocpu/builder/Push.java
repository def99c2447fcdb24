package org.ocpu.builder;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A verified push to the default branch of a repository: all that a build needs to know.
 *
 * @param commits the newest ones, at most {@link #MOST_COMMITS}
 * @param wishes what the webhook's query parameters ask for
 */
record Push(
        AppName app,
        String branch,
        String commit,
        Person pusher,
        Optional<Person> owner,
        List<PushedCommit> commits,
        Wishes wishes) {
    static final int MOST_COMMITS = 20;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern BRANCH = Pattern.compile("[^\\p{Cntrl} ~^:?*\\[\\\\]{1,250}");

    /**
     * @param sendMail {@code sendmail=false} switches the mail off
     * @param mailOwner {@code mail_owner=false} leaves the owner out
     */
    record Wishes(boolean sendMail, boolean mailOwner) {}

    Push {
        commits = List.copyOf(commits);
        if (!COMMIT.matcher(commit).matches()) {
            throw new IllegalArgumentException("not a commit: " + Text.line(commit, 100));
        }
        if (!BRANCH.matcher(branch).matches() || branch.contains("..") || branch.startsWith("/")) {
            throw new IllegalArgumentException("not a branch: " + Text.line(branch, 100));
        }
    }

    String shortCommit() {
        return commit.substring(0, 7);
    }
}
