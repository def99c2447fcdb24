package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client library as it is served, used by programs in Node.js, and compiled against its types. */
class ClientLibraryIT {
    private static final String ROOT = "/r/api"; // a root that is not the usual one

    @TempDir
    static Path directory;

    private static TestServer server;
    private static Path scripts;

    @BeforeAll
    static void fetchTheLibrary() throws Exception {
        server = new TestServer(directory, Map.of("root.path", ROOT));
        scripts = ClientPackages.install();
        for (String name : ClientLibrary.NAMES) {
            Files.write(scripts.resolve(name), server.get(ROOT + "/" + name).body());
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"ocpu.js,text/javascript", "ocpu.mjs,text/javascript", "ocpu.d.ts,text/plain", "ocpu.d.mts,text/plain"})
    void itIsServedBelowTheRootToPagesOfAnyOriginAndOnlyOnce(String name, String type) {
        HttpResponse<byte[]> answer = server.get(ROOT + "/" + name);
        assertEquals(200, answer.statusCode());
        assertEquals(type + ";charset=utf-8", TestServer.header(answer, "Content-Type"));
        assertEquals("nosniff", TestServer.header(answer, "X-Content-Type-Options"));
        assertEquals("*", TestServer.header(answer, "Access-Control-Allow-Origin"));
        HttpResponse<byte[]> again = server.get(ROOT + "/" + name, "If-None-Match", TestServer.header(answer, "ETag"));
        assertEquals(304, again.statusCode());
        assertEquals(404, server.get("/ocpu/" + name).statusCode());
    }

    @Test
    void itsSourceIsOneScopeWithoutImports() {
        for (String name : new String[] {"ocpu.js", "ocpu.mjs"}) {
            String source = TestServer.text(server.get(ROOT + "/" + name));
            assertFalse(source.matches("(?sm).*^import .*"), name);
            assertTrue(source.length() < 60_000, name + " has grown to " + source.length());
        }
    }

    @Test
    void programsCallChainUploadAndAreToldWhatIsWrong() throws Exception {
        ClientPackages.assertRuns(Map.of("OCPU", server.server.api().toString()), "node", "--test", "client.test.mjs");
    }

    @Test
    void itsTypesFitWhatAuthorsWrite() throws Exception {
        ClientPackages.assertRuns(Map.of(), "node", "node_modules/typescript/bin/tsc", "-p", ".");
    }
}
