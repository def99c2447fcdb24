package org.ocpu.webapp;

import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --url}: which running server a command talks to, by default the one of the data directory. */
final class ServerOption {
    private static final URI DEFAULT = URI.create("http://localhost:8004");

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--url", description = "the server (default: the one that uses the data directory)")
    private Optional<URI> url = Optional.empty();

    /** With TLS and the data directory's server, its certificate is trusted. */
    URI address() {
        if (url.isEmpty()) {
            Tls.trust(directory().settings());
        }
        return url.or(() -> directory().address().map(URI::create)).orElse(DEFAULT);
    }

    DataDirectory directory() {
        return data.directory();
    }
}
