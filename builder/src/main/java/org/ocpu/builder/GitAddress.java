package org.ocpu.builder;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a repository is.
 *
 * @param ours whether that is the server of {@code github.url}: only there the credentials of an app's owner go
 */
record GitAddress(URI uri, boolean ours) {
    private static final Pattern SHORT_SSH = Pattern.compile("(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9.-]+):(?!//)/?(.+)");
    private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443, "ssh", 22);

    /** A repository of GitHub, or of what {@code github.url} names instead, as it is fetched with this owner's credentials. */
    static GitAddress of(BuilderConfig.GitHub github, Credentials credentials, String repository) {
        URI url = github.url();
        if (credentials.key().isEmpty() || url.getScheme().equals("file")) {
            return new GitAddress(URI.create(url + "/" + repository + ".git"), true);
        }
        boolean ssh = url.getScheme().equals("ssh");
        String user = ssh && url.getUserInfo() != null ? url.getUserInfo() : "git";
        String port = ssh && url.getPort() > 0 ? ":" + url.getPort() : "";
        String path = ssh && url.getPath() != null ? url.getPath() : "";
        return new GitAddress(
                URI.create("ssh://" + user + "@" + url.getHost() + port + path + "/" + repository + ".git"), true);
    }

    /**
     * Where a submodule is that names its place like this, absolute or relative to this repository's. On the server of {@code
     * github.url} it is fetched as the repository itself is, whichever of the server's protocols it names.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    GitAddress submodule(String text, BuilderConfig.GitHub github, Credentials credentials) {
        boolean relative = text.startsWith("./") || text.startsWith("../");
        URI uri = relative
                ? URI.create(uri() + "/").resolve(text).normalize()
                : absolute(text).normalize();
        if (uri.getScheme() == null
                || !(PORTS.containsKey(uri.getScheme()) || uri.getScheme().equals("file"))) {
            throw new IllegalArgumentException("only http, https and ssh addresses are fetched");
        }
        if (uri.getPath() == null || (uri.getPath() + "/").contains("/../")) {
            throw new IllegalArgumentException("the address leaves its server");
        }
        boolean sameServer = relative ? ours : onServer(uri, github.url());
        Optional<String> repository = sameServer ? repository(uri, github.url()) : Optional.empty();
        if (repository.isPresent()) {
            return of(github, credentials, repository.get());
        }
        if (uri.getScheme().equals("file")) {
            throw new IllegalArgumentException("only http, https and ssh addresses are fetched");
        }
        return new GitAddress(uri, relative && ours);
    }

    private static URI absolute(String text) {
        Matcher shortened = SHORT_SSH.matcher(text);
        String whole = text;
        if (!text.contains("://") && shortened.matches()) {
            String user = Optional.ofNullable(shortened.group(1)).orElse("git");
            whole = "ssh://" + user + "@" + shortened.group(2) + "/" + shortened.group(3);
        }
        URI uri = URI.create(whole);
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        // what stands before the @ may be somebody's token
        return web && uri.getRawUserInfo() != null ? URI.create(whole.replaceFirst("//[^/]*@", "//")) : uri;
    }

    /** Whether an address is on this server, by its own protocol or by another at its usual port. */
    private static boolean onServer(URI uri, URI server) {
        if (server.getScheme().equals("file")) {
            return uri.getScheme().equals("file");
        }
        boolean sameHost = uri.getHost() != null && uri.getHost().equalsIgnoreCase(server.getHost());
        boolean samePort = uri.getScheme().equals(server.getScheme()) ? port(uri) == port(server) : usualPort(uri);
        return sameHost && samePort;
    }

    private static boolean usualPort(URI uri) {
        return port(uri) == PORTS.getOrDefault(uri.getScheme(), -1);
    }

    private static int port(URI uri) {
        return uri.getPort() > 0 ? uri.getPort() : PORTS.getOrDefault(uri.getScheme(), -1);
    }

    private static Optional<String> repository(URI uri, URI server) {
        String root = Optional.ofNullable(server.getPath()).orElse("");
        boolean below = uri.getPath().startsWith(root + "/");
        if (!below && uri.getScheme().equals(server.getScheme())) {
            return Optional.empty();
        }
        String path = below ? uri.getPath().substring(root.length()) : uri.getPath();
        String name = path.replaceAll("^/+|/+$", "").replaceFirst("\\.git$", "");
        try {
            AppName app = AppName.parse(name);
            return app.part().isEmpty() && app.preview().isEmpty() ? Optional.of(app.repository()) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // some other path of that server
        }
    }

    /** For people: without what could be a secret. */
    @Override
    public String toString() {
        return uri.toString().toLowerCase(Locale.ROOT).startsWith("http")
                ? uri.toString().replaceFirst("//[^/]*@", "//")
                : uri.toString();
    }
}
