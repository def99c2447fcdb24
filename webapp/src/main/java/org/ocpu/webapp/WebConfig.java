package org.ocpu.webapp;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Settings of the HTTP server.
 *
 * @param host address to listen on ({@code host}, 127.0.0.1)
 * @param port port to listen on, 0 for any free one ({@code port}, 8004)
 * @param root where the API begins ({@code root.path}, {@code /ocpu})
 * @param site what links begin with ({@code public.url}, {@code http://localhost:PORT}, with TLS {@code https:})
 * @param maxBody largest request body in bytes ({@code body.max}, 26214400, GitHub's own limit for a delivery)
 * @param enabled what of the API there is ({@code enable.api.library}, {@code .apps}, {@code .user}, {@code .cran}, {@code .bioc},
 *     {@code .gist}, {@code .repo}, {@code .tmp}, all true)
 * @param cors whether pages of other sites may use the API ({@code enable.cors}, true)
 * @param clients how clients are told apart and bounded
 * @param maxAge for how many seconds clients may keep answers ({@code httpcache.lib}, {@code .apps}, {@code .gist}, {@code .tmp},
 *     {@code .post}: 86400, 0, 60, 86400, 300); 0 is to ask again each time
 */
record WebConfig(
        String host,
        int port,
        String root,
        URI site,
        long maxBody,
        Map<Api, Boolean> enabled,
        boolean cors,
        Clients clients,
        Map<MaxAge, Long> maxAge) {
    private static final Pattern ROOT = Pattern.compile("(/[A-Za-z0-9._-]+)+");
    private static final Set<String> PAGES = Set.of("builds", "syncs", "assets", "api", "health");

    /**
     * How clients are told apart, and how often each may ask.
     *
     * @param proxies who is believed when it tells whom it asks for ({@code trusted.proxies}, addresses and blocks of them separated by
     *     commas, none)
     * @param rate requests a second of one client ({@code rate.limit}, 0 for any number)
     * @param burst requests of one client at once ({@code rate.burst}, ten times {@code rate.limit})
     */
    record Clients(List<AddressBlock> proxies, int rate, int burst) {
        static final Set<String> KEYS = Set.of("trusted.proxies", "rate.limit", "rate.burst");
        private static final int MOST = 1_000_000;

        Clients {
            proxies = List.copyOf(proxies);
            if (rate < 0 || rate > MOST) {
                throw new IllegalArgumentException("rate.limit is out of range: " + rate);
            }
            if (burst < 1 && rate > 0) {
                throw new IllegalArgumentException("rate.burst is out of range: " + burst);
            }
        }

        static Clients from(Map<String, String> settings) {
            long rate = number(settings, "rate.limit", 0);
            long burst = number(settings, "rate.burst", 10 * rate);
            return new Clients(proxies(settings.getOrDefault("trusted.proxies", "")), whole(rate), whole(burst));
        }

        private static List<AddressBlock> proxies(String text) {
            List<AddressBlock> proxies = new ArrayList<>();
            String[] all = text.isBlank() ? new String[0] : text.split(",", -1);
            for (int i = 0; i < all.length; i++) {
                try {
                    proxies.add(AddressBlock.parse(all[i].strip()));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "trusted.proxies, entry %d, \"%s\": %s".formatted(i + 1, all[i].strip(), e.getMessage()),
                            e);
                }
            }
            return proxies;
        }
    }

    /** The parts of the API that can be switched off. */
    enum Api {
        LIBRARY("library"),
        APPS("apps"),
        USER("user"),
        CRAN("cran"),
        BIOC("bioc"),
        GIST("gist"),
        REPO("repo"),
        TMP("tmp");

        final String key;

        Api(String name) {
            this.key = "enable.api." + name;
        }
    }

    /** The kinds of answers that clients may keep for different times. */
    enum MaxAge {
        LIB(86_400),
        APPS(0),
        GIST(60),
        TMP(86_400),
        POST(300);

        final String key;
        final long seconds;

        MaxAge(long seconds) {
            this.key = "httpcache." + name().toLowerCase(java.util.Locale.ROOT);
            this.seconds = seconds;
        }
    }

    WebConfig {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is empty");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port is out of range: " + port);
        }
        if (maxBody < 1) {
            throw new IllegalArgumentException("body.max is out of range: " + maxBody);
        }
        if (!ROOT.matcher(root).matches() || PAGES.contains(root.split("/")[1])) {
            throw new IllegalArgumentException(
                    "root.path must be like /ocpu or /my/api, and not begin with /builds, /syncs, /assets, /api or /health,"
                            + " where the pages and the JSON API are: " + root);
        }
        maxAge.forEach((kind, seconds) -> {
            if (seconds < 0) {
                throw new IllegalArgumentException(kind.key + " is out of range: " + seconds);
            }
        });
        enabled = Map.copyOf(enabled);
        maxAge = Map.copyOf(maxAge);
    }

    static Set<String> keys() {
        Set<String> keys =
                new LinkedHashSet<>(Set.of("host", "port", "root.path", "public.url", "body.max", "enable.cors"));
        keys.addAll(Clients.KEYS);
        for (Api api : Api.values()) {
            keys.add(api.key);
        }
        for (MaxAge kind : MaxAge.values()) {
            keys.add(kind.key);
        }
        return keys;
    }

    static WebConfig from(Map<String, String> settings) {
        Map<Api, Boolean> enabled = new EnumMap<>(Api.class);
        for (Api api : Api.values()) {
            enabled.put(api, flag(settings, api.key));
        }
        Map<MaxAge, Long> maxAge = new EnumMap<>(MaxAge.class);
        for (MaxAge kind : MaxAge.values()) {
            maxAge.put(kind, number(settings, kind.key, kind.seconds));
        }
        int port = whole(number(settings, "port", 8004));
        return new WebConfig(
                settings.getOrDefault("host", "127.0.0.1"),
                port,
                settings.getOrDefault("root.path", "/ocpu"),
                site(settings.getOrDefault("public.url", Tls.scheme(settings) + "://localhost:" + port)),
                number(settings, "body.max", 25L << 20),
                enabled,
                flag(settings, "enable.cors"),
                Clients.from(settings),
                maxAge);
    }

    /** What stands, by its key, as it would be written; without what is empty. */
    Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        values.put("host", host);
        values.put("port", Integer.toString(port));
        values.put("root.path", root);
        values.put("public.url", site.toString());
        values.put("body.max", Long.toString(maxBody));
        values.put("enable.cors", Boolean.toString(cors));
        values.put("rate.limit", Integer.toString(clients.rate()));
        values.put("rate.burst", Integer.toString(clients.burst()));
        enabled.forEach((api, on) -> values.put(api.key, Boolean.toString(on)));
        maxAge.forEach((kind, seconds) -> values.put(kind.key, Long.toString(seconds)));
        return values;
    }

    private static URI site(String text) {
        try {
            return new URI(text.strip().replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("public.url is not an address: " + text, e);
        }
    }

    static long number(Map<String, String> settings, String key, long otherwise) {
        String text = settings.get(key);
        try {
            return text == null ? otherwise : Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is not a whole number: " + text, e);
        }
    }

    /** What does not fit is out of range anyway. */
    private static int whole(long number) {
        return (int) Math.max(-1, Math.min(Integer.MAX_VALUE, number));
    }

    /** True unless said otherwise. */
    static boolean flag(Map<String, String> settings, String key) {
        String text = settings.getOrDefault(key, "true").strip();
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(key + " is neither true nor false: " + text);
        }
        return text.equals("true");
    }

    /** The value of {@code Cache-Control} for a kind of answers. */
    String cacheControl(MaxAge kind) {
        return cacheControl(kind, Duration.ofSeconds(Long.MAX_VALUE));
    }

    /** The same for what is there only so long. */
    String cacheControl(MaxAge kind, Duration left) {
        long seconds = Math.max(0, Math.min(maxAge.get(kind), left.toSeconds()));
        return seconds == 0 ? "no-cache" : "max-age=" + seconds + ", public";
    }
}
