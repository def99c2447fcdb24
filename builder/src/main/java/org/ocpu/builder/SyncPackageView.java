package org.ocpu.builder;

import java.time.Instant;
import java.util.Optional;

/**
 * A package of a run, for people.
 *
 * @param version what is to be there; empty when it is to go, or cannot be had
 * @param before the version that was there
 * @param reason why it failed or was skipped
 * @param tail the end of R's output, when its installation failed
 * @param size bytes to download, 0 as long as that is not known
 * @param bytes how many of them are there; 0 when the file was there already
 * @param startedAt when its installation began, or its download if it has not come further
 */
public record SyncPackageView(
        String name,
        String version,
        Optional<String> before,
        SyncPackageState state,
        Optional<String> reason,
        Optional<String> tail,
        long size,
        long bytes,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {

    /**
     * Its versions, also of a package that changed without getting a new one.
     *
     * @param arrow between the one before and the one to be there
     */
    public String versions(String arrow) {
        String old = before.orElse("");
        if (old.isEmpty() || version.isEmpty()) {
            return old + version;
        }
        return old.equals(version) ? old + " changed" : old + " " + arrow + " " + version;
    }
}
