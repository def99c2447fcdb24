package org.ocpu.webapp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Requests made up from what the server's addresses, formats and headers are like, many of them then damaged. The same seed and
 * number make the same request, save for the keys of sessions. Bytes are kept as characters below 256.
 */
final class FuzzedRequests {
    private static final String LONG = "a".repeat(3_000);
    private static final List<String> ODD = List.of(
            "..",
            ".",
            "%2e%2e",
            "%2E%2E%2F",
            "..;",
            ";a=b",
            "%00",
            "%ff",
            "%c0%af",
            "%",
            "%zz",
            "%u0041",
            "\u0000",
            "\u00ff\u00fe",
            "%E2%98%83",
            "%0d%0aX:%20y",
            "+",
            "%2B",
            "%2F",
            "%5c",
            "\\",
            "'",
            "\"",
            "<b>",
            "{x}",
            "*",
            "~",
            ":",
            "::",
            "::x",
            "$(id)",
            "`id`",
            " ",
            "%20",
            "-1",
            "0",
            "NULL",
            "NaN",
            "99999999999999999999",
            "__proto__",
            ".git",
            ".val",
            "R",
            "a/b",
            "//",
            "?",
            "#",
            LONG);
    private static final List<String> PACKAGES =
            List.of("base", "stats", "datasets", "utils", "MASS", "nosuch", "hello");
    private static final List<String> OBJECTS = List.of(
            "identity",
            "rnorm",
            "paste",
            "women",
            "pi",
            "cats",
            "c",
            "list",
            "if",
            "[",
            "nosuch",
            "T",
            "letters",
            "huber");
    private static final List<String> FORMATS = List.of(
            "json", "print", "text", "csv", "tab", "rds", "rda", "pb", "ndjson", "md", "bin", "png", "svg", "pdf",
            "html", "feather", "parquet", "spss", "ascii", "nosuch", "");
    private static final List<String> OPTIONS = List.of(
            "digits=3",
            "pretty=false",
            "dataframe=columns",
            "width=100",
            "height=-1",
            "row.names=false",
            "force=true",
            "eol=%0A",
            "sep=%3B",
            "auto_unbox=true",
            "na=string",
            "digits=system('id')",
            "a=%ff",
            "a",
            "=",
            "&&&",
            "limit=3",
            "limit=-1",
            "before=x",
            "state=failed",
            "_=1",
            "digits=1&digits=2");
    private static final List<String> TEXTS =
            List.of("stdout", "console", "source", "info", "messages", "warnings", "error", "zip", "tar", "nosuch");
    private static final List<String> PAGES = List.of(
            "/",
            "/builds",
            "/builds/1",
            "/builds/1/log",
            "/builds/0",
            "/syncs",
            "/syncs/x",
            "/syncs/x/runs/1",
            "/assets/ocpu.css",
            "/assets/token.js",
            "/favicon.ico",
            "/robots.txt",
            "/ocpu",
            "/ocpu/",
            "/ocpu/test/",
            "/assets/test/test.js",
            "/ocpu/info",
            "/ocpu/webhook",
            "/ocpu/doc/",
            "/ocpu/doc/html/R.css",
            "/ocpu/library/",
            "/ocpu/lib/",
            "/ocpu/user/",
            "/ocpu/user/root/library/",
            "/ocpu/user/nobody/library/x/",
            "/ocpu/cran/",
            "/ocpu/cran/x/R/y",
            "/ocpu/bioc/",
            "/ocpu/bioc/x/info",
            "/ocpu/apps/",
            "/ocpu/apps/demo/",
            "/ocpu/apps/demo/hello/",
            "/ocpu/apps/demo/hello/www/",
            "/ocpu/apps/demo/hello/www/index.html",
            "/ocpu/apps/demo/hello/badge.svg",
            "/ocpu/apps/demo/hello/DESCRIPTION",
            "/ocpu/github/demo/hello/info",
            "/ocpu/gist/",
            "/ocpu/gist/u/",
            "/ocpu/repo/",
            "/ocpu/repo/src/contrib/PACKAGES",
            "/ocpu/repo/src/contrib/PACKAGES.gz",
            "/ocpu/repo/demo/src/contrib/PACKAGES",
            "/ocpu/repo/src/contrib/x_1.tar.gz",
            "/ocpu/tmp/",
            "*",
            "",
            "http://localhost/ocpu/info",
            "/health/live");
    private static final List<String> API = List.of(
            "/openapi.json",
            "/builds",
            "/builds/1",
            "/builds/1/log",
            "/builds/1/events",
            "/builds/x",
            "/apps",
            "/apps/demo/hello",
            "/apps/demo/hello/builds",
            "/apps/demo/hello/hello",
            "/syncs",
            "/syncs/x",
            "/syncs/x/plan",
            "/syncs/x/runs",
            "/runs/1",
            "/runs/1/events",
            "/deliveries",
            "/outbox",
            "/outbox/1/resend",
            "/runs/1/cancel",
            "/builds/1/rebuild",
            "/builds/1/cancel",
            "/apps/demo/hello/rebuild",
            "/apps/demo/hello/rollback");
    private static final List<String> HEADERS = List.of(
            "Range: bytes=0-3",
            "Range: bytes=5-1",
            "Range: bytes=-0",
            "Range: bytes=0-1,3-4,7-",
            "Range: lines=1",
            "Range: bytes=99999999999999999999-",
            "If-None-Match: *",
            "If-None-Match: W/\"1\", \"2\"",
            "If-None-Match: \"",
            "If-Match: \"x\"",
            "If-Range: \"x\"",
            "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
            "If-Modified-Since: yesterday",
            "Accept: application/json",
            "Accept: text/html;q=x",
            "Accept: */*;;;",
            "Accept: text/event-stream",
            "Last-Event-ID: 3",
            "Last-Event-ID: x",
            "Accept-Encoding: gzip, br;q=0",
            "Accept-Encoding: identity;q=0",
            "Accept-Language: \u00e9",
            "Prefer: respond-async, wait=0",
            "Prefer: wait=x",
            "Content-Encoding: gzip",
            "Content-Encoding: identity",
            "Expect: 100-continue",
            "Expect: nonsense",
            "Cache-Control: no-cache",
            "Cache-Control: max-age=x",
            "X-Forwarded-For: 1.2.3.4, \u00ff",
            "X-Forwarded-Proto: x",
            "X-Forwarded-Host: evil.example",
            "X-Forwarded-Host: h:99999",
            "X-Forwarded-Host: [::::]",
            "Forwarded: for=\"[::1]\";proto=https",
            "Forwarded: ;;;",
            "Origin: null",
            "Origin: http://other.example",
            "Access-Control-Request-Method: POST",
            "Authorization: Bearer x",
            "Authorization: Basic :::",
            "Authorization:",
            "Cookie: a=b; \"",
            "Upgrade: h2c",
            "Upgrade: websocket",
            "TE: trailers",
            "Trailer: X",
            "X-HTTP-Method-Override: DELETE",
            "User-Agent: " + LONG,
            "X-Long: " + LONG + LONG,
            "X-GitHub-Event: push",
            "X-Hub-Signature-256: sha256=00",
            "X: \u0000",
            "X : y",
            ": x",
            "no colon",
            " folded",
            "Host: again",
            "Content-Length: 5",
            "Content-Length: -1",
            "Content-Length: x",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: nosuch",
            "Connection: keep-alive",
            "Keep-Alive: x");
    private static final List<String> METHODS =
            List.of("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "X", "PROPFIND", "G\u00ebT", LONG);
    /** Values of arguments: that parse, that do not, that fail; none that takes long. */
    private static final List<String> CODE = List.of(
            "1",
            "1:3",
            "'a'",
            "\"b\"",
            "c(1,2",
            "stop('x')",
            "list(a=1)",
            "women",
            "x0123456789abcdef",
            "{cat(1); 2}",
            "NULL",
            "function(x) x",
            "[1,2]",
            "{\"a\":1}",
            "quit()",
            "\u0000",
            "\u00ff",
            "1;2",
            "",
            "))((",
            "TRUE",
            "-",
            "1e400",
            "Sys.getpid()",
            "{plot(1); 1}",
            "{warning('w'); 1}");

    private static final List<String> TYPES = List.of(
            "application/x-www-form-urlencoded",
            "application/json",
            "multipart/form-data; boundary=b",
            "application/x-protobuf",
            "application/rds",
            "text/plain",
            "application/json; charset=nosuch",
            "",
            "multipart/form-data",
            "multipart/form-data; boundary=\"",
            "image/png");

    private final long seed;
    private final List<String> sessions;

    /** @param sessions addresses of some that are there, each with a slash at its end */
    FuzzedRequests(long seed, List<String> sessions) {
        this.seed = seed;
        this.sessions = List.copyOf(sessions);
    }

    FuzzedRequest get(int number) {
        return new Making(number).request();
    }

    /** Makes one request. */
    private final class Making {
        private final int number;
        private final SplittableRandom random;
        private boolean sound = true;

        Making(int number) {
            this.number = number;
            this.random = new SplittableRandom(seed * 1_000_003 + number);
        }

        FuzzedRequest request() {
            int kind = random.nextInt(100);
            String text = kind < 4 ? noise() : kind < 8 ? one() + one() : one();
            if (kind < 8) {
                sound = false;
            }
            if (chance(8)) {
                text = damaged(text);
                sound = false;
            }
            return new FuzzedRequest(number, text.getBytes(StandardCharsets.ISO_8859_1), sound);
        }

        private boolean chance(int percent) {
            return random.nextInt(100) < percent;
        }

        private <T> T any(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        private String noise() {
            return IntStream.range(0, random.nextInt(400))
                    .mapToObj(i -> String.valueOf((char) random.nextInt(256)))
                    .collect(Collectors.joining());
        }

        private String one() {
            boolean call = chance(12);
            String method = call ? "POST" : chance(8) ? any(METHODS) : chance(20) ? "HEAD" : chance(5) ? "POST" : "GET";
            String target = call ? called() : read();
            if (chance(20)) {
                target = mutated(target);
            }
            if (chance(20)) {
                target += "?" + any(OPTIONS) + (chance(30) ? "&" + any(OPTIONS) : "");
            }
            String version = chance(2)
                    ? any(List.of("HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "http/1.1", "HTTP/1.", ""))
                    : "HTTP/1.1";
            sound &= version.equals("HTTP/1.1") && target.chars().allMatch(c -> c > ' ' && c < 127);
            return method + " " + target + " " + version + "\r\n" + headersAndBody(method.equals("POST"));
        }

        private String read() {
            int kind = random.nextInt(100);
            if (kind < 35) {
                return any(PAGES);
            }
            if (kind < 55) {
                return "/api/v1" + any(API);
            }
            if (kind < 65) {
                return any(List.of("/ocpu/library/", "/ocpu/user/root/library/", "/ocpu/cran/", "/ocpu/apps/demo/"))
                        + any(PACKAGES)
                        + any(List.of(
                                "", "/", "/info", "/R/", "/data/", "/man/", "/html/", "/DESCRIPTION", "/help/AnIndex"));
            }
            if (kind < 72) {
                return "/ocpu/library/" + any(PACKAGES)
                        + any(List.of("/R/", "/data/", "/man/", "::")) + any(OBJECTS) + "/"
                        + any(List.of("json", "print", "text", "csv", "nosuch"));
            }
            return readOfSession();
        }

        private String readOfSession() {
            String session = chance(90) ? any(sessions) : "/ocpu/tmp/" + any(ODD) + "/";
            return session
                    + switch (random.nextInt(6)) {
                        case 0 -> "";
                        case 1 -> any(TEXTS) + (chance(50) ? "/text" : "");
                        case 2 -> "R/" + (chance(50) ? "" : ".val/" + (chance(30) ? any(FORMATS) : "json"));
                        case 3 -> "graphics/" + (chance(50) ? "" : any(List.of("1", "last", "0", "x", "99")));
                        case 4 -> "files/" + any(List.of("DESCRIPTION", "", "x", "../info", "out.csv"));
                        default -> any(TEXTS) + "/" + any(FORMATS);
                    };
        }

        private String called() {
            String format = chance(60) ? "/" + (chance(70) ? "json" : any(FORMATS)) : "";
            return switch (random.nextInt(8)) {
                case 0 -> any(sessions) + "R/.val" + format;
                case 1 -> any(sessions) + "files/" + any(List.of("x.R", "DESCRIPTION", "out.csv"));
                case 2 -> "/ocpu/apps/demo/hello/R/" + any(List.of("greet", "simulate", "nosuch")) + format;
                case 3 -> "/ocpu/webhook";
                default -> "/ocpu/library/" + any(PACKAGES) + "/R/" + any(OBJECTS) + format;
            };
        }

        private String mutated(String target) {
            List<String> parts = new ArrayList<>(Arrays.asList(target.split("/", -1)));
            int at = random.nextInt(parts.size());
            switch (random.nextInt(4)) {
                case 0 -> parts.set(at, any(ODD));
                case 1 -> parts.add(at, any(ODD));
                case 2 -> parts.set(at, parts.get(at) + any(ODD));
                default -> parts.remove(at);
            }
            return String.join("/", parts);
        }

        private String headersAndBody(boolean withBody) {
            List<String> headers = new ArrayList<>(List.of("Host: localhost", "Connection: close"));
            String body = "";
            if (withBody || chance(3)) {
                String type = chance(50) ? TYPES.get(0) : any(TYPES);
                body = body(type);
                if (!type.isEmpty()) {
                    headers.add("Content-Type: " + type);
                }
                body = framed(body, headers);
            }
            for (int extra = random.nextInt(4); extra > 0; extra--) {
                String header = any(HEADERS);
                headers.add(random.nextInt(headers.size()), header);
                sound &= isHarmless(header);
            }
            return String.join("\r\n", headers) + "\r\n\r\n" + body;
        }

        /** Whether it changes neither where the request ends nor whether it is one. */
        private static boolean isHarmless(String header) {
            return !header.matches(
                    "(?is)(Content-Length|Transfer-Encoding|Connection|Host|Expect|Upgrade|X ?|Trailer|TE)?:.*|[^:]*");
        }

        private String framed(String body, List<String> headers) {
            if (chance(15)) {
                headers.add("Transfer-Encoding: chunked");
                int half = body.length() / 2;
                return (half == 0 ? "" : chunk(body.substring(0, half)))
                        + (body.isEmpty() ? "" : chunk(body.substring(half)))
                        + "0\r\n\r\n";
            }
            int length = body.length();
            if (chance(5)) {
                length += random.nextInt(-5, 50);
                sound = false;
            }
            headers.add("Content-Length: " + length);
            return body;
        }

        private static String chunk(String data) {
            return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
        }

        private String body(String type) {
            if (chance(5)) {
                return noise();
            }
            String value = chance(3) ? any(ODD).repeat(30) : any(CODE);
            String name = any(List.of("x", "n", "...", "object", "name", "file", "", "x0", "\u0000"));
            if (type.startsWith("multipart")) {
                return any(List.of("--b", "--b", "--b", "--c")) + "\r\nContent-Disposition: form-data; name=\"" + name
                        + "\""
                        + (chance(30) ? "; filename=\"" + any(ODD) + "\"" : "")
                        + (chance(20) ? "\r\nContent-Type: " + any(TYPES) : "")
                        + "\r\n\r\n" + value + "\r\n--b--\r\n";
            }
            return type.contains("json")
                    ? "{\"" + name + "\":" + any(List.of("1", "[1,2]", "\"a\"", "null", "{", "1e999", "\"\u00ff\""))
                            + "}"
                    : name + "=" + value + (chance(20) ? "&" + name + "=" + value : "");
        }

        private String damaged(String text) {
            if (text.isEmpty()) {
                return text;
            }
            int at = random.nextInt(text.length());
            return switch (random.nextInt(4)) {
                case 0 -> text.substring(0, at); // a half request
                case 1 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
                case 2 ->
                    text.substring(0, at)
                            + any(List.of("\r\n", "\n", "\r", "\t", "\u0000", "\r\n\r\n"))
                            + text.substring(at);
                default -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 1 + random.nextInt(20)));
            };
        }
    }
}
