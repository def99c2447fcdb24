package org.ocpu.builder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which versions of an app go when it gets a new one: those beyond {@code versions.keep}, and more where the owner's quota asks for
 * it. The one that was live stays, so that there is a way back; of a preview no older one does.
 *
 * @param before the version that is live till then
 */
record Retention(BuilderConfig.Apps config, AppName app, Optional<Path> before) {

    /**
     * The versions that go.
     *
     * @param others of the owner's apps, without the new one; those of an app newest first
     * @param bytes of the new one
     * @throws BuildFailure when the owner's apps would take more than the quota nevertheless
     */
    List<Version> surplus(List<Version> others, long bytes) {
        List<Version> older = others.stream().filter(this::mayGo).toList();
        long taken = bytes(others) - bytes(older) + bytes;
        if (taken > config.quota()) {
            throw new BuildFailure(("%s's apps take %s of %s (%s); this version needs %s more:"
                            + " remove an app, or ask the admin for more")
                    .formatted(
                            app.owner(),
                            Words.size(taken - bytes),
                            Words.size(config.quota()),
                            BuilderConfig.QUOTA_KEY,
                            Words.size(bytes)));
        }
        List<Version> surplus = new ArrayList<>();
        int places = isPreview() ? 0 : config.keep() - (before.isPresent() ? 2 : 1);
        for (Version version : older) {
            if (places > 0 && taken + version.bytes() <= config.quota()) {
                places--;
                taken += version.bytes();
            } else {
                surplus.add(version);
            }
        }
        return surplus;
    }

    private boolean mayGo(Version version) {
        boolean wayBack =
                !isPreview() && before.filter(version.directory()::equals).isPresent();
        return version.app().key().equals(app.key()) && !wayBack;
    }

    private boolean isPreview() {
        return app.preview().isPresent();
    }

    private static long bytes(List<Version> versions) {
        return versions.stream().mapToLong(Version::bytes).sum();
    }
}
