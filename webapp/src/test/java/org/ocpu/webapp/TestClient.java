package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A client of a real server, wherever that runs. */
abstract class TestClient {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String IDENTITY = "/ocpu/library/base/R/identity";

    private volatile HttpClient http = HttpClient.newHttpClient();

    /** What the paths of requests follow. */
    abstract URI address();

    /** Takes a new connection for the next request. A call fails on a kept one that the server, which is not to wait for long, closes. */
    TestClient anew() {
        http = HttpClient.newHttpClient();
        return this;
    }

    HttpResponse<byte[]> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<byte[]> get(String path, String header, String value) {
        return send(request(path).header(header, value).GET());
    }

    HttpResponse<byte[]> head(String path) {
        return send(request(path).method("HEAD", BodyPublishers.noBody()));
    }

    HttpResponse<byte[]> form(String path, String form) {
        return post(path, FORM, form.getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<byte[]> json(String path, String json) {
        return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<byte[]> post(String path, String contentType, byte[] body) {
        return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)));
    }

    /** Calls with a form of names and values, in turn. */
    HttpResponse<byte[]> call(String path, String... arguments) {
        return form(path, encoded(arguments));
    }

    /** The same without waiting for the answer. */
    CompletableFuture<HttpResponse<byte[]>> calling(String path, String... arguments) {
        HttpRequest.Builder call =
                request(path).header("Content-Type", FORM).POST(BodyPublishers.ofString(encoded(arguments)));
        return http.sendAsync(call.build(), BodyHandlers.ofByteArray());
    }

    private static String encoded(String... arguments) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < arguments.length; i += 2) {
            pairs.add(URLEncoder.encode(arguments[i], StandardCharsets.UTF_8) + "="
                    + URLEncoder.encode(arguments[i + 1], StandardCharsets.UTF_8));
        }
        return String.join("&", pairs);
    }

    /** Evaluates R code. */
    HttpResponse<byte[]> evaluate(String code) {
        return call(IDENTITY, "x", code);
    }

    /** Evaluates R code; the address of the session, with a slash at its end. */
    String session(String code) {
        HttpResponse<byte[]> made = evaluate(code);
        assertEquals(201, made.statusCode(), text(made));
        return session(made);
    }

    static String session(HttpResponse<byte[]> made) {
        return "/ocpu/tmp/" + header(made, "X-ocpu-session") + "/";
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address() + path));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
