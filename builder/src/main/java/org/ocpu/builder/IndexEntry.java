package org.ocpu.builder;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A package as the index of a repository has it.
 *
 * @param md5 of the file, in lower case; absent where the index does not tell
 * @param directory where the file is, without a slash at the end
 * @param needs what {@code Depends}, {@code Imports} and {@code LinkingTo} name, R among it
 */
record IndexEntry(String name, String version, Optional<String> md5, URI directory, List<Requirement> needs) {
    URI file() {
        return URI.create("%s/%s_%s.tar.gz".formatted(directory, name, version));
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
