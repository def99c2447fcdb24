package org.ocpu.builder;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A package of a synced library.
 *
 * @param md5 of the file that the repository offered, as its index had it, even if a binary was installed in its place
 * @param id tells what is installed under the name; the name of its directory
 * @param r which R it was installed with, such as {@code 4.2}: another one needs it anew
 * @param needs the packages of the same library that it needs directly
 * @param sync which sync brought it; absent: a request did
 */
record InstalledPackage(
        String name,
        String version,
        Optional<String> md5,
        String id,
        String r,
        List<String> needs,
        Optional<String> sync,
        Instant installedAt) {

    InstalledPackage {
        needs = List.copyOf(needs);
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
