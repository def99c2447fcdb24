package org.ocpu.webapp;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of who may do what.
 *
 * @param pages where the pages of apps are ({@code apps.domain}, none), and whether those on the server's own host are sandboxed
 *     ({@code apps.sandbox}, true)
 * @param admin whether there are actions of the admin at all ({@code enable.admin}, true)
 * @param rules who may use what ({@code auth.library}, ...; everybody)
 */
record AccessConfig(HostedPages pages, boolean admin, AccessRules rules) {
    static Set<String> keys() {
        return Set.of("apps.domain", "apps.sandbox", "enable.admin");
    }

    static AccessConfig from(Map<String, String> settings) {
        WebConfig web = WebConfig.from(settings);
        Optional<String> domain = Optional.ofNullable(settings.get("apps.domain"))
                .map(name -> name.strip().toLowerCase(Locale.ROOT));
        AppHosts hosts = new AppHosts(domain, web.site(), web.root());
        return new AccessConfig(
                new HostedPages(hosts, WebConfig.flag(settings, "apps.sandbox")),
                WebConfig.flag(settings, "enable.admin"),
                AccessRules.from(settings));
    }
}
