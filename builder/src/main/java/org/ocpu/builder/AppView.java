package org.ocpu.builder;

import java.util.List;

/**
 * A hosted app.
 *
 * @param about what it is for, in a paragraph; empty when it was published before that was kept
 * @param icon whether its live version has an {@code icon.png} that is small enough for lists
 * @param versions on disk, newest first; exactly one is live
 * @param bytes of all of them
 */
public record AppView(
        AppName name,
        String packageName,
        String title,
        String about,
        boolean icon,
        List<VersionView> versions,
        long bytes) {
    public AppView {
        versions = List.copyOf(versions);
    }

    public VersionView live() {
        return versions.stream().filter(VersionView::live).findFirst().orElseThrow();
    }
}
