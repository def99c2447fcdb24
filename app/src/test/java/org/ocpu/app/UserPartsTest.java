package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UserPartsTest {
    private final UserParts parts = new UserParts(1_000, 10, 3);

    @Test
    void noTwoEnginesHaveTheSameUsers() {
        UserPart first = parts.take();
        UserPart second = parts.take();
        assertEquals(new UserPart(1_000, 10), first);
        assertEquals(new UserPart(1_010, 10), second);
        for (int i = 0; i < 5; i++) {
            UserPart other = parts.take();
            assertEquals(new UserPart(1_020, 10), other);
            parts.giveBack(other);
        }
        parts.giveBack(first);
        assertEquals(first, parts.take());
    }

    @Test
    void anEngineThatNoUsersAreLeftForIsRefused() {
        for (int i = 0; i < 3; i++) {
            parts.take();
        }
        assertThrows(OverloadedException.class, parts::take);
    }

    @Test
    void anEngineMayBeItsOwnUsersOnly() {
        UserPart part = new UserPart(1_010, 10);
        assertTrue(part.includes(1_010));
        assertTrue(part.includes(1_019));
        assertFalse(part.includes(1_020));
        assertFalse(part.includes(1_009));
        assertFalse(part.includes(0));
        assertTrue(UserPart.NONE.includes(0));
        assertFalse(UserPart.NONE.includes(1_010));
    }
}
