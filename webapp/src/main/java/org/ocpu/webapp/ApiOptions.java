package org.ocpu.webapp;

import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands share that change something on a running server. */
final class ApiOptions {
    @Mixin
    private ServerOption server = new ServerOption();

    @Option(
            names = "--token",
            description =
                    "the admin token; better in the environment as OCPU_TOKEN, where no list of processes shows it")
    private Optional<String> token = Optional.empty();

    /** What the shell gives every command, without a list of processes showing it. */
    static Optional<String> environment() {
        return Optional.ofNullable(System.getenv("OCPU_TOKEN"));
    }

    ApiClient client() {
        Logs.toConsole();
        return new ApiClient(server.address(), token.or(ApiOptions::environment));
    }
}
