package org.ocpu.builder;

import java.util.List;
import java.util.Optional;

/**
 * What a run would do.
 *
 * @param unchanged how many packages would stay as they are
 * @param withdrawn what the repositories no longer have and stays, since it is not to be pruned
 * @param notes what is odd but no problem
 */
public record SyncPlanView(
        String sync, String library, List<Change> changes, int unchanged, List<String> withdrawn, List<String> notes) {

    /**
     * What would become of a package.
     *
     * @param action {@code add}, {@code update}, {@code remove}, {@code fail}; {@code skip}: what cannot be had of all there is
     * @param version what would be there; empty when it would go or cannot be had
     * @param reason why it cannot be had
     */
    public record Change(
            String name, String action, String version, Optional<String> before, Optional<String> reason) {}
}
