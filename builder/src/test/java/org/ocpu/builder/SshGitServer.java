package org.ocpu.builder;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.ProcessShellFactory;

/** An SSH server on a free port that lets one key in, to run nothing but {@code git upload-pack}. */
final class SshGitServer implements AutoCloseable {
    private static final Pattern COMMAND = Pattern.compile("git-upload-pack '(/[A-Za-z0-9/._-]+)'");

    private final KeyPair host = key();
    private final KeyPair deploy = key();
    private final SshServer ssh = SshServer.setUpDefaultServer();

    /** @param repositories the directory with {@code owner/repo.git} */
    SshGitServer(Path repositories) throws IOException {
        ssh.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        ssh.setPort(0);
        ssh.setKeyPairProvider(KeyPairProvider.wrap(host));
        ssh.setPublickeyAuthenticator(
                (user, key, session) -> user.equals("git") && KeyUtils.compareKeys(key, deploy.getPublic()));
        ssh.setCommandFactory((channel, command) -> {
            Matcher upload = COMMAND.matcher(command);
            List<String> run =
                    upload.matches() ? List.of("git", "upload-pack", repositories + upload.group(1)) : List.of("false");
            return new ProcessShellFactory(String.join(" ", run), run).createShell(channel);
        });
        ssh.start();
    }

    URI url() {
        return URI.create("ssh://git@127.0.0.1:" + ssh.getPort());
    }

    /** Writes the key that it lets in as {@code ssh-keygen} does. */
    Path key(Path file) throws IOException {
        return write(deploy, file);
    }

    static Path otherKey(Path file) throws IOException {
        return write(key(), file);
    }

    /** Writes a file that knows this server's host key. */
    Path knownHosts(Path file) throws IOException {
        return known(file, host);
    }

    /** Writes a file that knows another key for this server. */
    Path wrongHosts(Path file) throws IOException {
        return known(file, key());
    }

    @Override
    public void close() throws IOException {
        ssh.stop(true);
    }

    private Path known(Path file, KeyPair key) throws IOException {
        return Files.writeString(
                file, "[127.0.0.1]:" + ssh.getPort() + " " + PublicKeyEntry.toString(key.getPublic()) + "\n");
    }

    private static Path write(KeyPair key, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "deploy key", null, out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return file;
    }

    private static KeyPair key() {
        try {
            return KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
