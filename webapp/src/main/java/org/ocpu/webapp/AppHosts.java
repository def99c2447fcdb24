package org.ocpu.webapp;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * The hosts of the apps' owners: with {@code apps.domain: example.org} the app {@code ada/hello} is at
 * {@code ada.example.org/hello/}, so that browsers keep the pages of different owners, and the server's own, apart. What comes to
 * an owner's host becomes a request below {@code apps/OWNER/} before anything else looks at it; only what pages use of the rest of the
 * API is there under the same path as everywhere. Every other host is the server's own.
 *
 * @param domain in lower case, nothing where owners have no hosts
 * @param site the server's own address, whose scheme and port the owners' hosts share
 * @param root where the API begins
 */
record AppHosts(Optional<String> domain, URI site, String root) implements HttpConfiguration.Customizer {
    private static final String OWNER = AppHosts.class.getName() + ".owner";
    private static final String HOSTS = AppHosts.class.getName();
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern DOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final int MISDIRECTED = 421;

    /** What pages find below the root on an owner's host: no page of the server, and no place where pushes are delivered. */
    private static final Set<String> SHARED =
            Set.of("apps", "bioc", "cran", "doc", "gist", "github", "info", "lib", "library", "tmp", "user");

    AppHosts {
        domain.filter(name -> name.length() > 200 || !DOMAIN.matcher(name).matches())
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "apps.domain is not a domain such as example.org, in lower case: " + name);
                });
        if (domain.isPresent() && (site.getScheme() == null || site.getHost() == null)) {
            throw new IllegalArgumentException("apps.domain needs a public.url with a scheme and a host, such as"
                    + " https://www.example.org; it is: " + site);
        }
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable headers) {
        Optional<String> owner = owner(Objects.requireNonNullElse(Request.getServerName(request), ""));
        if (owner.isEmpty()) {
            return request;
        }
        request.setAttribute(OWNER, owner.get());
        request.setAttribute(HOSTS, this);
        HttpURI asked = request.getHttpURI();
        HttpURI meant = HttpURI.build(asked)
                .pathQuery(inner(owner.get(), Objects.requireNonNullElse(asked.getPath(), "/"))
                        + (asked.getQuery() == null ? "" : "?" + asked.getQuery()))
                .asImmutable();
        return new Request.Wrapper(request) {
            @Override
            public HttpURI getHttpURI() {
                return meant;
            }
        };
    }

    /** @throws HttpException.RuntimeException for a host below an owner's */
    Optional<String> owner(String server) {
        String host = server.toLowerCase(Locale.ROOT).replaceAll("\\.$", "");
        if (domain.isEmpty() || !host.endsWith("." + domain.get()) || host.equalsIgnoreCase(site.getHost())) {
            return Optional.empty();
        }
        String label = host.substring(0, host.length() - domain.get().length() - 1);
        if (!LABEL.matcher(label).matches()) {
            throw new HttpException.RuntimeException(
                    MISDIRECTED, "the apps of an owner are at OWNER." + domain.get() + ", and nothing is below that");
        }
        return Optional.of(label);
    }

    private String inner(String owner, String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (ClientLibrary.NAMES.contains(name) && (path.equals("/" + name) || path.equals(root + "/" + name))) {
            return root + "/"
                    + name; // also as what ../../../../ocpu.mjs is here, which is right on the server's own host
        }
        String[] below =
                path.startsWith(root + "/") ? path.substring(root.length()).split("/", 3) : new String[0];
        return below.length > 1 && SHARED.contains(below[1]) ? path : root + "/apps/" + owner + path;
    }

    /** The owner on whose host a request came. */
    static Optional<String> of(HttpServletRequest request) {
        return Optional.ofNullable((String) request.getAttribute(OWNER));
    }

    /** A path of the whole API as it is seen on the host where the request came. */
    static String seen(HttpServletRequest request, String path) {
        return of(request)
                .map(owner -> ((AppHosts) request.getAttribute(HOSTS)).outer(owner, path))
                .orElse(path);
    }

    private String outer(String owner, String path) {
        String prefix = root + "/apps/" + owner;
        boolean own = path.toLowerCase(Locale.ROOT).startsWith(prefix + "/");
        String outer = own ? path.substring(prefix.length()) : path;
        return inner(owner, outer).equalsIgnoreCase(path) ? outer : path;
    }

    /**
     * Where a page of an owner is, on the owner's host. Nothing where owners have none, or this one cannot: a name on GitHub may hold
     * what no name of a host does.
     *
     * @param path of the whole API, encoded
     */
    Optional<URI> page(String owner, String path) {
        String label = owner.toLowerCase(Locale.ROOT);
        return domain.filter(name -> LABEL.matcher(label).matches())
                .map(name -> label + "." + name)
                .filter(host -> !host.equalsIgnoreCase(site.getHost()))
                .map(host -> URI.create(site.getScheme() + "://" + host
                        + (site.getPort() < 0 ? "" : ":" + site.getPort()) + outer(label, path)));
    }
}
