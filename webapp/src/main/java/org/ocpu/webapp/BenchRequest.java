package org.ocpu.webapp;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A request to be sent many times.
 *
 * @param head the request line without the version, such as {@code GET /ocpu/info}
 * @param headers more headers, each ending in CR LF
 * @param status what it is answered with
 */
record BenchRequest(String head, String headers, String body, int status) {

    /** To what was asked for before. */
    static BenchRequest get(String path) {
        return new BenchRequest("GET " + path, "", "", 200);
    }

    /** A call, which no answer to an earlier one will do for. */
    static BenchRequest call(String path, String type, String body) {
        return new BenchRequest("POST " + path, "Cache-Control: no-cache\r\nContent-Type: " + type + "\r\n", body, 201);
    }

    byte[] bytes(URI server) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String start = head + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\n" + headers + "Content-Length: "
                + content.length + "\r\n\r\n";
        return (start + body).getBytes(StandardCharsets.UTF_8);
    }
}
