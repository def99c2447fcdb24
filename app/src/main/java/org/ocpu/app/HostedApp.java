package org.ocpu.app;

import java.time.Instant;
import java.util.Optional;

/**
 * A package published from a push, as {@code app.json} in its version's directory tells.
 *
 * @param owner the owner's name as the forge spells it
 * @param repo the repository's name as the forge spells it
 * @param part which of several packages of the repository it is
 * @param preview which branch or pull request it is a preview of
 * @param build number of the build that published this version
 * @param open whether anyone may read the repository it comes from
 * @param source absent when the version was built before these were kept, or its source is too large
 */
public record HostedApp(
        String owner,
        String repo,
        Optional<String> part,
        Optional<String> preview,
        String packageName,
        String title,
        String version,
        String commit,
        long build,
        Instant publishedAt,
        boolean open,
        Optional<PackageSource> source) {

    /** Its address below its owner's: {@code repo}, {@code repo/part}, and either with {@code @preview}. */
    public String path() {
        return repo
                + part.map(name -> "/" + name).orElse("")
                + preview.map(name -> "@" + name).orElse("");
    }

    /**
     * Whether its source package is for everyone who can ask.
     *
     * @param closedToo also when not anyone may read the repository
     */
    public boolean offersSource(boolean closedToo) {
        return source.isPresent() && preview.isEmpty() && (open || closedToo);
    }
}
