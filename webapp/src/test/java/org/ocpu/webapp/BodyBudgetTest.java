package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.ocpu.app.Client;
import org.ocpu.app.OverloadedException;
import org.ocpu.webapp.BodyBudget.Share;

/** How much memory bodies may take together. */
class BodyBudgetTest {
    private static final long MEGABYTE = 1 << 20;
    private static final Client ADA = new Client("192.0.2.1");
    private static final Client BOB = new Client("192.0.2.2");
    private static final Client EVE = new Client("192.0.2.3");

    private final BodyBudget budget = new BodyBudget(12 * MEGABYTE);

    private Share take(Client client, long megabytes) {
        Share share = budget.share(client);
        share.grow(megabytes * MEGABYTE);
        return share;
    }

    private void refused(Client client, long megabytes) {
        assertThrows(OverloadedException.class, () -> take(client, megabytes));
    }

    @Test
    void whatDoesNotFitIsRefusedUntilMemoryIsGivenBack() {
        Share first = take(ADA, 8);
        take(BOB, 4);
        refused(EVE, 1);
        first.close();
        take(EVE, 8);
        refused(ADA, 1);
    }

    @Test
    void oneAloneMayBeLargerThanAll() {
        Share all = take(ADA, 1 << 20);
        refused(BOB, 1);
        refused(ADA, 1);
        all.close();
        take(BOB, 12);
    }

    @Test
    void manyOfOneClientHaveHalfAndLessOnceOthersNeedSome() {
        for (int i = 0; i < 6; i++) {
            take(ADA, 1);
        }
        refused(ADA, 1);
        for (int i = 0; i < 4; i++) {
            take(BOB, 1);
        }
        refused(BOB, 1);
        take(EVE, 2);
    }

    @Test
    void aBodyGrowsUntilOthersAreInItsWay() {
        Share slow = take(ADA, 1);
        slow.grow(2 * MEGABYTE);
        Share large = take(BOB, 10);
        assertThrows(OverloadedException.class, () -> slow.grow(4 * MEGABYTE));
        large.close();
        slow.grow(4 * MEGABYTE);
        slow.close();
        take(EVE, 12);
    }

    @Test
    void whatIsClosedTwiceIsGivenBackOnce() {
        Share first = take(ADA, 8);
        take(BOB, 4);
        first.close();
        first.close();
        take(EVE, 8);
        refused(ADA, 1);
    }
}
