package org.ocpu.webapp;

import io.javalin.http.Context;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ocpu.app.OverloadedException;
import org.ocpu.app.PackageRef;
import org.ocpu.app.RpcService;
import org.ocpu.app.SyncedLibrary;
import org.ocpu.builder.Demand;
import org.ocpu.builder.SyncService;

/** How an address names a package of a synced library, which may have to be installed first. */
final class SyncedResource {
    private static final Pattern WAIT =
            Pattern.compile("(?i)(?:^|[,;])\\s*wait\\s*=\\s*\"?([0-9]{1,9})\"?\\s*(?:$|[,;])");
    private static final long LONGEST_WAIT = 60;
    private static final int MOST_WAITING = 32;

    private final SyncedLibrary library;
    private final SyncService syncs;

    /** Requests that wait keep a thread each, which others need, too. */
    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    SyncedResource(RpcService rpc, SyncService syncs, String library) {
        this.library = rpc.libraries().synced(library);
        this.syncs = syncs;
    }

    void packages(Context ctx) {
        Answers.lines(ctx, library.packages());
    }

    /**
     * The package of this address; one that can be installed on demand is waited for as long as {@code Prefer: wait} says (RFC 7240,
     * section 4.3), at most a minute, and unless many wait already.
     *
     * @throws NotInstalledException when it is not there then
     */
    PackageRef find(Context ctx) {
        String name = ctx.pathParam("package");
        Optional<PackageRef> found = library.find(name);
        if (found.isPresent()) {
            return found.get();
        }
        Demand demand = demand(ctx, name);
        return library.find(name).orElseThrow(() -> new NotInstalledException(demand));
    }

    private Demand demand(Context ctx, String name) {
        try {
            Demand demand = syncs.demand(library.name(), name, Duration.ZERO);
            Optional<Duration> wait = wait(ctx);
            if (!demand.unsettled() || wait.isEmpty() || !waiting.tryAcquire()) {
                return demand;
            }
            ctx.header("Preference-Applied", "wait=" + wait.get().toSeconds());
            try {
                return syncs.demand(library.name(), name, wait.get());
            } finally {
                waiting.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OverloadedException("The server is shutting down.");
        }
    }

    private static Optional<Duration> wait(Context ctx) {
        Matcher wait = WAIT.matcher(Objects.requireNonNullElse(ctx.header("Prefer"), ""));
        return wait.find()
                ? Optional.of(Duration.ofSeconds(Math.min(LONGEST_WAIT, Long.parseLong(wait.group(1)))))
                : Optional.empty();
    }
}
