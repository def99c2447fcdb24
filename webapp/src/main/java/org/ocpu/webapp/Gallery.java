package org.ocpu.webapp;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ocpu.builder.AppView;

/**
 * What of the hosted apps somebody looks for, a page at a time, what was published last first.
 *
 * @param text words that are to be in an app's title, name, package or description, in any case; empty: any
 * @param owner whose apps; absent: everyone's
 * @param page from 1; one beyond the last is the last
 */
record Gallery(String text, Optional<String> owner, int page) {
    private static final int PAGE = 24;
    private static final int MOST_PAGES = 1_000_000;

    /**
     * What was found.
     *
     * @param shown on this page
     * @param found on all pages
     * @param all whatever is looked for
     * @param owners of all, with how many apps they have
     * @param page the one that is shown
     * @param pages how many there are
     */
    record Found(List<AppView> shown, int found, int all, TreeMap<String, Long> owners, int page, int pages) {
        int first() {
            return (page - 1) * PAGE + 1;
        }
    }

    Gallery {
        page = Math.max(1, Math.min(page, MOST_PAGES));
    }

    Found in(List<AppView> apps) {
        List<AppView> found = apps.stream()
                .filter(this::matches)
                .sorted(Comparator.comparing((AppView app) -> app.live().publishedAt())
                        .reversed())
                .toList();
        int pages = Math.max(1, (found.size() + PAGE - 1) / PAGE);
        int now = Math.min(page, pages);
        List<AppView> shown = found.subList((now - 1) * PAGE, Math.min(now * PAGE, found.size()));
        return new Found(shown, found.size(), apps.size(), owners(apps), now, pages);
    }

    private static TreeMap<String, Long> owners(List<AppView> apps) {
        return apps.stream()
                .collect(Collectors.groupingBy(
                        app -> app.name().owner(),
                        () -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER),
                        Collectors.counting()));
    }

    private boolean matches(AppView app) {
        String says = lower(String.join(" ", app.title(), app.name().toString(), app.packageName(), app.about()));
        return owner.stream().allMatch(app.name().owner()::equalsIgnoreCase)
                && Stream.of(lower(text).split("\\s+")).allMatch(says::contains);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
