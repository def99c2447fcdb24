package org.ocpu.builder;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;

/** One kind of server that hears of builds: what it is told, and how a stored post becomes a request to it. */
interface Recipient {
    Post.Kind kind();

    /** What to tell of a build whose state has just changed to what it is. */
    Optional<Post> about(Build build);

    /** The request, with the secrets it needs; absent when the settings do not allow it any more. */
    Optional<HttpRequest> request(Post post);

    /** Whether a post may be sent to this address because the server said it had moved there. */
    boolean mayMoveTo(URI address);
}
