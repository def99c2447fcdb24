package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PushOrderTest {
    private static final String MAIN = "refs/heads/main";

    @Test
    void theSameCommitOfTheSameRefIsTheSame() {
        assertEquals(PushOrder.Order.SAME, compare(push("1", "2"), push("9", "2")));
    }

    @Test
    void aPushIsNewerThanWhatItBeganWith() {
        assertOlder(push("0", "1"), push("1", "2"));
    }

    @Test
    void aChainOfOtherPushesLinksTwo() {
        assertOlder(push("0", "1"), push("3", "4"), push("1", "2"), push("2", "3"));
    }

    @Test
    void pushesOfOtherRefsLinkNothing() {
        Push other = at("refs/heads/dev", "1", "2", null);
        assertEquals(PushOrder.Order.UNKNOWN, compare(push("0", "1"), push("2", "3"), other));
        assertEquals(PushOrder.Order.UNKNOWN, compare(push("0", "1"), at("refs/heads/dev", "1", "2", null)));
    }

    @Test
    void theTimeDecidesWithoutAChain() {
        assertOlder(at(MAIN, "0", "1", 100L), at(MAIN, "5", "6", 101L));
        assertEquals(PushOrder.Order.UNKNOWN, compare(at(MAIN, "0", "1", 100L), at(MAIN, "5", "6", 100L)));
        assertEquals(PushOrder.Order.UNKNOWN, compare(at(MAIN, "0", "1", 100L), push("5", "6")));
    }

    @Test
    void aChainCountsForMoreThanTheTime() {
        assertOlder(at(MAIN, "0", "1", 105L), at(MAIN, "1", "2", 101L));
    }

    @Test
    void aForcedPushBackLeavesItToTheTime() {
        Push first = at(MAIN, "0", "1", 100L);
        Push second = at(MAIN, "1", "2", 101L);
        Push back = at(MAIN, "2", "1", 102L);
        assertEquals(PushOrder.Order.NEWER, compare(back, second, first));
        assertEquals(PushOrder.Order.UNKNOWN, compare(push("2", "1"), push("1", "2"), push("0", "1")));
        assertOlder(second, at(MAIN, "1", "3", 103L), first, back);
    }

    @Test
    void releasesAreComparedAsVersions() {
        assertOlder(release("v1.9", 102L), release("v1.10", 101L));
        assertOlder(release("1.0", 102L), release("v1.0.1", 101L));
        assertOlder(release("v1.0-9", 102L), release("v1.0-10", 101L));
        assertOlder(release("1.2", 100L), release("v1.2", 101L));
        assertOlder(release("v99999999999999999998", 2L), release("v99999999999999999999", 1L));
    }

    @Test
    void tagsThatNoReleasesAreFollowedForAreNot() {
        assertOlder(at("refs/tags/v2", "0", "1", 100L), at("refs/tags/v1", "0", "2", 101L));
    }

    private static void assertOlder(Push a, Push b, Push... known) {
        assertEquals(PushOrder.Order.OLDER, compare(a, b, known));
        assertEquals(PushOrder.Order.NEWER, compare(b, a, known));
    }

    private static PushOrder.Order compare(Push a, Push b, Push... known) {
        return PushOrder.compare(a, b, List.of(known));
    }

    private static Push push(String before, String commit) {
        return at(MAIN, before, commit, null);
    }

    private static Push at(String ref, String before, String commit, Long seconds) {
        return push(ref, before, commit, seconds, RefPolicy.DEFAULT);
    }

    private static Push release(String tag, long seconds) {
        String commit = Integer.toHexString(tag.hashCode() & 0xf);
        return push("refs/tags/" + tag, "0", commit, seconds, RefPolicy.RELEASE);
    }

    private static Push push(String ref, String before, String commit, Long seconds, RefPolicy policy) {
        return new Push(
                new AppName("alice", "stocks"),
                "",
                ref,
                commit.repeat(40),
                Optional.of(before).filter(id -> !id.equals("0")).map(id -> id.repeat(40)),
                false,
                Optional.ofNullable(seconds).map(Instant::ofEpochSecond),
                new Person("pat", Optional.empty()),
                Optional.empty(),
                List.of(),
                true,
                new Push.Wishes(true, Optional.empty(), policy));
    }
}
