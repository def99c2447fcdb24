package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.ocpu.app.OverloadedException;

/** How much memory bodies may take together. */
class BodyBudgetTest {
    private static final int MEGABYTE = 1 << 20;

    @Test
    void whatDoesNotFitIsRefusedUntilMemoryIsGivenBack() {
        BodyBudget budget = new BodyBudget(10 * MEGABYTE);
        Runnable first = budget.take(6 * MEGABYTE);
        budget.take(4 * MEGABYTE);
        assertThrows(OverloadedException.class, () -> budget.take(1));
        first.run();
        budget.take(6 * MEGABYTE);
    }

    @Test
    void oneAloneMayBeLargerThanAll() {
        BodyBudget budget = new BodyBudget(MEGABYTE);
        Runnable all = budget.take(1L << 40);
        assertThrows(OverloadedException.class, () -> budget.take(1));
        all.run();
        budget.take(MEGABYTE);
    }
}
