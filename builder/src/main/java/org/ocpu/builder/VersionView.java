package org.ocpu.builder;

import java.time.Instant;

/**
 * A version of an app on disk.
 *
 * @param build the build that made it, which is its name
 * @param version as in its DESCRIPTION
 * @param ref the whole name of what was pushed, such as {@code refs/heads/main}
 * @param bytes of its files, its dependencies' included
 */
public record VersionView(
        long build, String version, String commit, String ref, Instant publishedAt, boolean live, long bytes) {}
