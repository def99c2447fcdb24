package org.ocpu.builder;

import java.util.Map;
import java.util.Optional;

/**
 * What a repository's refs point to, as far as it was asked for them.
 *
 * @param defaultBranch the whole name of the ref that HEAD stands for
 * @param commits by the whole names of refs; tags are peeled to what they tag
 */
record GitRefs(Optional<String> defaultBranch, Map<String, String> commits) {
    static final String HEAD = "HEAD";
    static final String BRANCHES = "refs/heads/";
    static final String TAGS = "refs/tags/";

    /** What to ask a repository for that is to be followed like this. */
    static String toFollow(RefPolicy policy) {
        if (policy.equals(RefPolicy.RELEASE)) {
            return TAGS + "*";
        }
        return policy.equals(RefPolicy.DEFAULT) ? HEAD : BRANCHES + policy.text();
    }

    /** Where that is now; absent when there is no such branch, or no release. */
    Optional<RemoteHead.Head> follow(RefPolicy policy) {
        Optional<String> ref = policy.equals(RefPolicy.RELEASE)
                ? newestRelease()
                : policy.equals(RefPolicy.DEFAULT) ? defaultBranch : Optional.of(BRANCHES + policy.text());
        String asked = policy.equals(RefPolicy.DEFAULT) ? HEAD : ref.orElse("");
        return ref.flatMap(name -> commit(asked).map(commit -> new RemoteHead.Head(name, commit)));
    }

    Optional<String> commit(String ref) {
        return Optional.ofNullable(commits.get(ref));
    }

    private Optional<String> newestRelease() {
        return commits.keySet().stream()
                .filter(ref -> ref.startsWith(TAGS))
                .map(ref -> ref.substring(TAGS.length()))
                .filter(RefPolicy::isRelease)
                .max(RefPolicy::compareReleases)
                .map(tag -> TAGS + tag);
    }
}
