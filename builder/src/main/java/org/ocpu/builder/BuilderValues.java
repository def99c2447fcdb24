package org.ocpu.builder;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a configuration of this module stands at, by its keys, as it would be written; without what is empty, and without secrets. */
final class BuilderValues {
    private final Map<String, String> values = new HashMap<>();

    private BuilderValues() {}

    static Map<String, String> of(BuilderConfig config) {
        BuilderValues all = new BuilderValues();
        all.github(config.github());
        all.builds(config.builds());
        all.put(BuilderConfig.MEMORY_KEY, config.limits().memory());
        all.put(BuilderConfig.PROCESSES_KEY, config.limits().processes());
        all.put(BuilderConfig.DISK_KEY, config.limits().disk());
        all.put("repos", addresses(config.apps().repositories()));
        all.put("versions.keep", config.apps().keep());
        all.put(BuilderConfig.QUOTA_KEY, config.apps().quota());
        all.put("repo.private", config.apps().offerPrivate());
        all.reports(config.reports());
        config.onDemand().forEach(all::onDemand);
        all.put("gist.url", config.gists().url());
        all.put("gist.maxage", config.gists().maxAge().toSeconds());
        all.put(BuilderConfig.GIST_SIZE_KEY, config.gists().size());
        all.put("session.cron", config.cleaning());
        return Map.copyOf(all.values);
    }

    private void put(String key, Object value) {
        values.put(key, value.toString());
    }

    private void github(BuilderConfig.GitHub github) {
        put("github.url", github.url());
        put("github.api", github.api());
        github.knownHosts().ifPresent(file -> put("github.knownhosts", file));
    }

    private void builds(BuilderConfig.Builds builds) {
        put(BuilderConfig.LIMIT_KEY, builds.limit().toSeconds());
        put("builds.parallel", builds.parallel());
        put("builds.keep", builds.keep());
        put("builds.log", builds.largestLog());
        put(BuilderConfig.LARGEST_FILE_KEY, builds.largestFile());
        put("reconcile.cron", builds.reconcile().orElse("off"));
        put("previews", builds.previews());
        put("previews.forks", builds.previewsOfForks());
    }

    private void reports(BuilderConfig.Reports reports) {
        put("mail_on", reports.mailOn().name().toLowerCase(Locale.ROOT));
        put("mail_owner", reports.mailOwner());
        reports.admin().ifPresent(address -> put("admin.email", address));
    }

    private void onDemand(String library, BuilderConfig.OnDemand settings) {
        String key = library + ".ondemand";
        put(key, settings.enabled());
        put(key + ".packages", settings.packages());
        put(key + ".size", settings.size());
        put(key + ".repos", addresses(settings.repositories()));
    }

    private static String addresses(List<URI> repositories) {
        return repositories.stream()
                .map(address -> address.toString().replace("%7B", "{").replace("%7D", "}"))
                .collect(Collectors.joining(" "));
    }
}
