package org.ocpu.app;

import java.time.Instant;

/**
 * A package published from a push, as {@code app.json} in its version's directory tells.
 *
 * @param owner the owner's name as the forge spells it
 * @param repo the repository's name as the forge spells it
 * @param build number of the build that published this version
 */
public record HostedApp(
        String owner,
        String repo,
        String packageName,
        String title,
        String version,
        String commit,
        long build,
        Instant publishedAt) {}
