package org.ocpu.webapp;

import io.javalin.http.Context;
import java.net.URI;
import java.util.Optional;
import org.ocpu.app.PackageRef;

/**
 * Where the pages of packages are, what is in their {@code www/}, and what browsers let them do. On the host of its owner the page
 * of an app has that origin, and elsewhere it is not to be; other pages are in the sandbox of all that is served, unless the admin
 * trusts every author and says so.
 *
 * @param sandbox whether pages on the server's own host are kept from its origin
 */
record HostedPages(AppHosts hosts, boolean sandbox) {
    /**
     * To be asked before a file of a package is sent.
     *
     * @param path of the file below the package's directory
     * @return whether it is to be sent here; otherwise the answer leads to where it is
     */
    boolean here(Context ctx, PackageRef ref, String path) {
        if (!path.equals("www") && !path.startsWith("www/")) {
            return true;
        }
        Optional<String> host = AppHosts.of(ctx.req());
        Optional<String> owner = owner(ref);
        if (owner.isPresent() && owner.equals(host)) {
            BrowserPolicy.trusted(ctx);
            return true;
        }
        Optional<URI> moved =
                owner.flatMap(name -> hosts.page(name, ctx.req().getRequestURI().replaceAll("/+", "/")));
        if (moved.isPresent()) {
            Answers.redirectOut(ctx, moved.get());
            return false;
        }
        if (!sandbox && host.isEmpty()) {
            BrowserPolicy.trusted(ctx);
        }
        return true;
    }

    private static Optional<String> owner(PackageRef ref) {
        String[] place = ref.place().split("/", 3);
        return place[0].equals("apps") && place.length == 3 ? Optional.of(place[1]) : Optional.empty();
    }
}
