package org.ocpu.webapp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

    /** What stands, by its key, as it would be written; but for files, and without what is empty. */
    Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        values.put("apps.sandbox", Boolean.toString(pages.sandbox()));
        values.put("enable.admin", Boolean.toString(admin));
        pages.hosts().domain().ifPresent(domain -> values.put("apps.domain", domain));
        if (hsts >= 0) {
            values.put("tls.hsts", Long.toString(hsts));
        }
        return values;
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

    /**
     * What is as set, and perhaps not as meant; a sentence each.
     *
     * @param network whether R code may use the network
     */
    List<String> warnings(WebConfig web, boolean network) {
        List<String> warnings = new ArrayList<>();
        if (network && web.clients().proxies().stream().anyMatch(AddressBlock::hasLoopback)) {
            warnings.add(
                    "network: allow lets the R code of any request connect to this server over loopback, from where"
                            + " trusted.proxies believes what it says of whom it asks for. Have the proxy connect from another"
                            + " address, and name that one.");
        }
        if (pages.sandbox() && pages.hosts().domain().isEmpty()) {
            warnings.addAll(ofSandbox(web.cors()));
        }
        return warnings;
    }

    private List<String> ofSandbox(boolean cors) {
        List<String> warnings = new ArrayList<>();
        String remedy = " With apps.domain, each owner's pages have a host of their own, where they can.";
        if (!cors) {
            warnings.add("enable.cors is false, so that the apps' own pages cannot use the API from browsers:"
                    + " in their sandbox they are pages of another site." + remedy);
        }
        rules.ofApps()
                .forEach(key ->
                        warnings.add(key + " lets apps be used by some only, but from their sandbox the apps' own"
                                + " pages cannot send browsers' passwords with what they call." + remedy));
        return warnings;
    }
}
