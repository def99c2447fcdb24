package org.ocpu.builder;

import java.util.List;

/**
 * A hosted app.
 *
 * @param versions on disk, newest first; exactly one is live
 * @param bytes of all of them
 */
public record AppView(AppName name, String packageName, String title, List<VersionView> versions, long bytes) {
    public AppView {
        versions = List.copyOf(versions);
    }

    public VersionView live() {
        return versions.stream().filter(VersionView::live).findFirst().orElseThrow();
    }
}
