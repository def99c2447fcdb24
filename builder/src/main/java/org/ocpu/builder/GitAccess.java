package org.ocpu.builder;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.transport.SshConfigStore;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections to a repository show credentials: a token in a header, to no other server than the repository's own wherever
 * that redirects to; or a deploy key over SSH, to no other server than one whose host key is known. What the user that runs
 * this server has in the way of SSH keys, agents and configuration is not used.
 */
final class GitAccess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GitAccess.class);

    private final GitAddress address;
    private final Credentials credentials;
    private final Patience patience;
    private SshdSessionFactory ssh;

    GitAccess(GitAddress address, Credentials credentials, Patience patience) {
        this.address = address;
        this.credentials = credentials;
        this.patience = patience;
    }

    /** @throws BuildFailure when the key cannot be used */
    void give(Transport transport) {
        transport.setTimeout((int) Math.max(1, patience.remaining().toSeconds()));
        transport.setCredentialsProvider(null); // nobody is asked for anything
        if (transport instanceof TransportHttp http) {
            http.setHttpConnectionFactory(new Connections());
        } else if (transport instanceof SshTransport secure) {
            ssh = ssh();
            secure.setSshSessionFactory(ssh);
        }
    }

    /** Ends what SSH connections leave running. */
    @Override
    public void close() {
        if (ssh != null) {
            ssh.close();
        }
    }

    private SshdSessionFactory ssh() {
        Path key = credentials
                .key()
                .filter(file -> address.ours())
                .orElseThrow(() -> new BuildFailure("the clone was refused: this server has no SSH key for " + address
                        + (address.ours() ? " (github.key)" : "")));
        if (!Files.isReadable(key)) {
            log.error("the SSH key {} cannot be read", key);
            throw new BuildFailure("the SSH key for " + credentials.owner() + " (github.key) cannot be read");
        }
        Path home = Path.of(System.getProperty("user.home"));
        Path hosts = credentials.knownHosts().orElse(home.resolve(".ssh/known_hosts"));
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(home.toFile())
                .setSshDirectory(home.resolve(".ssh").toFile())
                .setConfigStoreFactory((directory, file, user) -> new Strict())
                .setPreferredAuthentications("publickey")
                .setDefaultIdentities(directory -> List.of(key))
                .setDefaultKnownHostsFiles(directory -> List.of(hosts))
                .setConnectorFactory(null)
                .build(null);
    }

    /** Instead of a user's configuration file. */
    private static final class Strict implements SshConfigStore, SshConfigStore.HostConfig {
        private final Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

        Strict() {
            options.put("StrictHostKeyChecking", "yes");
        }

        @Override
        public HostConfig lookup(String host, int port, String user) {
            return this;
        }

        @Override
        public HostConfig lookupDefault(String host, int port, String user) {
            return this;
        }

        @Override
        public String getValue(String key) {
            return options.get(key);
        }

        @Override
        public List<String> getValues(String key) {
            return List.of();
        }

        @Override
        public Map<String, String> getOptions() {
            return options;
        }

        @Override
        public Map<String, List<String>> getMultiValuedOptions() {
            return Map.of();
        }
    }

    private final class Connections extends JDKHttpConnectionFactory {
        @Override
        public HttpConnection create(URL url) throws IOException {
            return new Connection(url);
        }

        @Override
        public HttpConnection create(URL url, Proxy proxy) throws IOException {
            return new Connection(url, proxy);
        }
    }

    /** One request; its answer is not read past the end of anybody's patience, however slowly it comes. */
    private final class Connection extends JDKHttpConnection {
        Connection(URL url) throws IOException {
            super(url);
            showToken(url);
        }

        Connection(URL url, Proxy proxy) throws IOException {
            super(url, proxy);
            showToken(url);
        }

        private void showToken(URL url) {
            if (address.ours() && origin(url).equals(origin(address))) {
                credentials.header().ifPresent(value -> setRequestProperty(Credentials.HEADER, value));
            }
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    checkPatience();
                    return super.read();
                }

                @Override
                public int read(byte[] bytes, int from, int length) throws IOException {
                    checkPatience();
                    return super.read(bytes, from, length);
                }
            };
        }
    }

    private void checkPatience() throws InterruptedIOException {
        if (patience.over()) {
            throw new InterruptedIOException("it takes too long");
        }
    }

    private static String origin(GitAddress address) {
        try {
            return origin(address.uri().toURL());
        } catch (IOException e) {
            throw new IllegalArgumentException(address + " is no web address", e);
        }
    }

    private static String origin(URL url) {
        int port = url.getPort() > 0 ? url.getPort() : url.getDefaultPort();
        return (url.getProtocol() + "://" + url.getHost() + ":" + port).toLowerCase(Locale.ROOT);
    }
}
