package org.ocpu.builder;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;

/** Asks the web servers that have packages. Follows redirects. Thread-safe. */
final class WebClient {
    private final String agent;
    private final Duration connecting;
    private final HttpClient client;

    /**
     * @param agent for the header {@code User-Agent}: some repositories have binaries only for those who come as R does
     * @param connecting how long until there is a connection
     */
    WebClient(String agent, Duration connecting) {
        this.agent = agent;
        this.connecting = connecting;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connecting)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /** @throws IllegalArgumentException when HTTP has no such address */
    HttpRequest.Builder request(URI address) {
        return HttpRequest.newBuilder(address).header("User-Agent", agent);
    }

    /** Sends a request, whose answer is to be closed. */
    PulledAnswer ask(HttpRequest request, StopSignal stop) {
        return PulledAnswer.to(client, request, stop);
    }

    /** Why there was no connection; absent when there was one. */
    Optional<String> unconnected(IOException trouble) {
        if (trouble instanceof HttpConnectTimeoutException) {
            return Optional.of("no connection within " + words(connecting));
        }
        if (trouble instanceof ConnectException) {
            return Optional.of(hasNoHost(trouble) ? "there is no such host" : "no connection");
        }
        return Optional.empty();
    }

    private static boolean hasNoHost(Throwable trouble) {
        return trouble instanceof UnresolvedAddressException
                || (trouble.getCause() != null && hasNoHost(trouble.getCause()));
    }

    /** A length of time for people. */
    static String words(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " seconds" : time.toMillis() + " milliseconds";
    }
}
