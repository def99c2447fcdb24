package org.ocpu.builder;

import java.net.URI;
import java.util.Optional;

/**
 * What a version keeps of the repository that it was made from.
 *
 * @param source absent when it is too much to keep
 * @param readme absent when there is none
 * @param repository its page; absent for what was pushed to this server
 */
record Origin(Optional<SourceArchive.Kept> source, Optional<ReadmeCopy.Kept> readme, Optional<URI> repository) {
    static final Origin UNKNOWN = new Origin(Optional.empty(), Optional.empty(), Optional.empty());
}
