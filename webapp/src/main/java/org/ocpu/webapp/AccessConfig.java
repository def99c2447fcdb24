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
 * @param tls what connections are encrypted with ({@code tls.certificate} and {@code tls.key}, PEM files; not)
 * @param hsts for how many seconds browsers are to come by HTTPS alone ({@code tls.hsts}; they are not told)
 */
record AccessConfig(HostedPages pages, boolean admin, AccessRules rules, Optional<Tls> tls, long hsts) {
    AccessConfig {
        if (hsts < -1 || (hsts >= 0 && tls.isEmpty())) {
            throw new IllegalArgumentException(
                    "tls.hsts is a number of seconds, and needs tls.certificate and tls.key: " + hsts);
        }
    }

    static Set<String> keys() {
        return Set.of("apps.domain", "apps.sandbox", "enable.admin", "tls.certificate", "tls.key", "tls.hsts");
    }

    static AccessConfig from(Map<String, String> settings) {
        WebConfig web = WebConfig.from(settings);
        Optional<String> domain = Optional.ofNullable(settings.get("apps.domain"))
                .map(name -> name.strip().toLowerCase(Locale.ROOT));
        if (Tls.scheme(settings).equals("https") && !"https".equals(web.site().getScheme())) {
            throw new IllegalArgumentException(
                    "public.url begins with https: where tls.certificate is set: " + web.site());
        }
        AppHosts hosts = new AppHosts(domain, web.site(), web.root());
        return new AccessConfig(
                new HostedPages(hosts, WebConfig.flag(settings, "apps.sandbox")),
                WebConfig.flag(settings, "enable.admin"),
                AccessRules.from(settings),
                Tls.from(settings),
                WebConfig.number(settings, "tls.hsts", -1));
    }
}
