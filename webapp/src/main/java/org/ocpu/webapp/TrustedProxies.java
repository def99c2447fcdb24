package org.ocpu.webapp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.HostPort;

/**
 * Takes the client's address, and the scheme and host that it asked for, from what the proxies of {@code trusted.proxies} tell; nobody
 * else is believed. Each proxy adds the address it was asked from at the right, so that the first one from there that is no trusted
 * proxy is the client: what is left of it, the client may have made up. (Jetty's own customizer believes the leftmost, from anyone.)
 * Where there is {@code X-Forwarded-For}, a {@code Forwarded} (RFC 7239) is the client's own and left alone.
 */
final class TrustedProxies implements HttpConfiguration.Customizer {
    private static final Pattern PAIR =
            Pattern.compile("([A-Za-z0-9_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s;,\"]*))");
    private static final Pattern PORT = Pattern.compile("\\[(.*)\\](:\\d+)?|([^:]*):\\d+");
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}\\])(:\\d{1,5})?");

    private final List<AddressBlock> trusted;

    TrustedProxies(List<AddressBlock> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /** Where a request comes from, and what it was addressed to if a proxy tells. */
    record Origin(InetAddress client, Optional<String> scheme, Optional<HostPort> host) {}

    /** What the nearest proxy tells is last. */
    private record Hop(Optional<InetAddress> from, Optional<String> scheme, Optional<HostPort> host) {}

    /** @param peer who is connected to this server */
    Origin origin(InetAddress peer, HttpFields headers) {
        Origin origin = new Origin(peer, Optional.empty(), Optional.empty());
        List<Hop> hops = trusts(peer) ? hops(headers) : List.of();
        for (int i = hops.size() - 1; i >= 0 && trusts(origin.client()); i--) {
            Hop hop = hops.get(i);
            origin = new Origin(
                    hop.from().orElse(origin.client()),
                    hop.scheme().or(origin::scheme),
                    hop.host().or(origin::host));
            if (hop.from().isEmpty()) {
                break; // who asked that proxy is not known, and so not whether it is to be believed
            }
        }
        return origin;
    }

    boolean trusts(InetAddress address) {
        return trusted.stream().anyMatch(block -> block.contains(address));
    }

    private static List<Hop> hops(HttpFields headers) {
        boolean standard = headers.contains("Forwarded") && !headers.contains("X-Forwarded-For");
        return standard ? forwarded(headers) : xForwarded(headers);
    }

    private static List<Hop> forwarded(HttpFields headers) {
        List<Hop> hops = new ArrayList<>();
        for (String element : list(headers, "Forwarded")) {
            Map<String, String> pairs = new HashMap<>();
            Matcher pair = PAIR.matcher(element);
            while (pair.find()) {
                String value =
                        pair.group(2) == null ? pair.group(3) : pair.group(2).replaceAll("\\\\(.)", "$1");
                pairs.put(pair.group(1).toLowerCase(Locale.ROOT), value);
            }
            hops.add(hop(pairs.get("for"), pairs.get("proto"), pairs.get("host")));
        }
        return hops;
    }

    /** Not every proxy adds to each of the three: one that sets the only value sets it for all that the request went through. */
    private static List<Hop> xForwarded(HttpFields headers) {
        List<String> addresses = list(headers, "X-Forwarded-For");
        List<String> schemes = list(headers, "X-Forwarded-Proto");
        List<String> hosts = list(headers, "X-Forwarded-Host");
        int length = Math.max(addresses.size(), Math.max(schemes.size(), hosts.size()));
        List<Hop> hops = new ArrayList<>();
        for (int fromLast = length; fromLast >= 1; fromLast--) {
            hops.add(hop(at(addresses, fromLast), at(schemes, fromLast), at(hosts, fromLast)));
        }
        return hops;
    }

    /** A comma always separates: a quote that the client opened and did not close is not to hide what the proxy added. */
    private static List<String> list(HttpFields headers, String name) {
        return Stream.of(String.join(",", headers.getValuesList(name)).split(","))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static String at(List<String> values, int fromLast) {
        return fromLast <= values.size() ? values.get(values.size() - fromLast) : null;
    }

    /** What is missing or makes no sense is left out. */
    private static Hop hop(String from, String scheme, String host) {
        return new Hop(
                Optional.ofNullable(from).map(TrustedProxies::withoutPort).flatMap(AddressBlock::address),
                Optional.ofNullable(scheme)
                        .map(text -> text.toLowerCase(Locale.ROOT))
                        .filter(text -> text.matches("https?")),
                Optional.ofNullable(host).flatMap(TrustedProxies::hostPort));
    }

    private static Optional<HostPort> hostPort(String text) {
        try {
            return Optional.of(text)
                    .filter(host -> HOST.matcher(host).matches())
                    .map(HostPort::new);
        } catch (IllegalArgumentException noAddressOrPort) {
            return Optional.empty();
        }
    }

    private static String withoutPort(String address) {
        Matcher port = PORT.matcher(address.strip());
        if (!port.matches()) {
            return address.strip();
        }
        return port.group(1) == null ? port.group(3) : port.group(1);
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
        if (trusted.isEmpty() || !(peer instanceof InetSocketAddress address) || !trusts(address.getAddress())) {
            return request;
        }
        return new Forwarded(request, address, origin(address.getAddress(), request.getHeaders()));
    }

    /** The request as the client sent it to the outermost proxy. */
    private static final class Forwarded extends Request.Wrapper {
        private final HttpURI uri;
        private final HttpFields headers;
        private final ConnectionMetaData connection;

        Forwarded(Request request, InetSocketAddress peer, Origin origin) {
            super(request);
            HttpURI.Mutable changed = HttpURI.build(request.getHttpURI());
            origin.scheme().ifPresent(changed::scheme);
            Optional<HostPort> host = origin.host();
            host.ifPresent(to -> changed.authority(to.getHost(), to.getPort()));
            this.uri = changed.asImmutable();
            this.headers = host.map(HostPortHttpField::new)
                    .<HttpFields>map(field -> HttpFields.build(request.getHeaders(), field))
                    .orElse(request.getHeaders());
            this.connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
                @Override
                public SocketAddress getRemoteSocketAddress() {
                    return new InetSocketAddress(origin.client(), peer.getPort());
                }

                @Override
                public HostPort getServerAuthority() {
                    return host.orElseGet(super::getServerAuthority);
                }

                @Override
                public boolean isSecure() {
                    return "https".equals(uri.getScheme());
                }
            };
        }

        @Override
        public HttpURI getHttpURI() {
            return uri;
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return connection;
        }
    }
}
