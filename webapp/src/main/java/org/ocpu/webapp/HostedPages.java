package org.ocpu.webapp;

import io.javalin.http.Context;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ocpu.app.PackageRef;

/**
 * Where the pages of packages are, what is in their {@code www/}, and what browsers let them do. On the host of its owner the page
 * of an app has that origin, and elsewhere it is not to be; other pages are in the sandbox of all that is served, unless the admin
 * trusts every author and says so. What a pull request brings stays in there in any case: anyone may have opened it.
 *
 * @param sandbox whether pages on the server's own host are kept from its origin
 */
record HostedPages(AppHosts hosts, boolean sandbox) {
    private static final Pattern OF_PULL_REQUEST = Pattern.compile("apps/.*@pr-[0-9]+");

    /**
     * To be asked before a file of a package is sent.
     *
     * @param path of the file below the package's directory
     * @return whether it is to be sent here; otherwise the answer leads to where it is
     */
    boolean here(Context ctx, PackageRef ref, String path) {
        boolean page = path.equals("www") || path.startsWith("www/");
        if (!page || OF_PULL_REQUEST.matcher(ref.place()).matches()) {
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
