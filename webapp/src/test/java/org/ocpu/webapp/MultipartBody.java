package org.ocpu.webapp;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A {@code multipart/form-data} body in the making. */
final class MultipartBody {
    private static final String BOUNDARY = "a-boundary";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    MultipartBody field(String name, String value) {
        return part("name=\"" + name + "\"", "", value.getBytes(StandardCharsets.UTF_8));
    }

    MultipartBody typed(String name, String type, byte[] value) {
        return part("name=\"" + name + "\"", "Content-Type: " + type + "\r\n", value);
    }

    MultipartBody file(String name, String filename, byte[] content) {
        return part(
                "name=\"" + name + "\"; filename=\"" + filename + "\"",
                "Content-Type: application/octet-stream\r\n",
                content);
    }

    private MultipartBody part(String disposition, String headers, byte[] content) {
        bytes.writeBytes(
                ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + disposition + "\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(content);
        bytes.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        return this;
    }

    byte[] bytes() {
        bytes.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    HttpResponse<byte[]> post(TestServer server, String path) {
        return server.post(path, "multipart/form-data; boundary=" + BOUNDARY, bytes());
    }
}
