package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ocpu.webapp.WebConfig.Api;

/** Settings of who may use what. */
class AccessRulesTest {
    private static final String TOKEN = "bearer " + SecretHash.ofToken("x").text();

    private static String readersOf(AccessRules rules, String owner, String path) {
        return rules.ofApp(owner, path).map(Readers::key).orElse("everybody");
    }

    @Test
    void theClosestSettingCountsForAnApp() {
        AccessRules rules = AccessRules.from(Map.of(
                "auth.apps", TOKEN, "auth.apps.ada", TOKEN, "auth.apps.ada/hello", TOKEN, "auth.apps.bob", "none"));
        assertEquals("auth.apps.ada/hello", readersOf(rules, "Ada", "Hello/part@branch"));
        assertEquals("auth.apps.ada", readersOf(rules, "ada", "other"));
        assertEquals("auth.apps", readersOf(rules, "cyd", "hello"));
        assertEquals("everybody", readersOf(rules, "bob", "hello"));
        assertTrue(rules.of(Api.LIBRARY).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"auth", "auth.", "auth.lib", "auth.apps.", "auth.apps.a b", "auth.apps.a/b/c", "auth.apps.a/b@c"
            })
    void whatNamesNothingIsNoKey(String key) {
        assertFalse(AccessRules.knows(key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "basic ada",
                "basic ada:secret",
                "ada:secret",
                "bearer secret",
                "bearer sha256:secret",
                "basic ada:pbkdf2:1:c2VjcmV0c2VjcmV0c2VjcmV0:c2VjcmV0",
                "file:/no/such/file",
            })
    void aBadValueNamesItsKeyAndKeepsItsSecret(String value) {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> AccessRules.from(Map.of("auth.library", value)))
                .getMessage();
        assertTrue(message.startsWith("auth.library: "), message);
        assertFalse(message.contains("secret"), message);
    }

    @Test
    void anAppThatIsNamedTwiceIsRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> AccessRules.from(Map.of("auth.apps.Ada", TOKEN, "auth.apps.ada", "none")))
                .getMessage();
        assertTrue(message.matches("auth\\.apps\\.[Aa]da is set twice: .*"), message);
    }

    @Test
    void aBadLineOfAFileIsNamed(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("users"), "# these\n\nada:secret\n");
        String message = assertThrows(
                        IllegalArgumentException.class, () -> AccessRules.from(Map.of("auth.tmp", "file:" + file)))
                .getMessage();
        assertTrue(message.contains("auth.tmp: line 3 of "), message);
        assertFalse(message.contains("secret"), message);
    }

    @Test
    void aHashIsReadAsItIsWrittenAndToldInNoLog() {
        SecretHash hash = SecretHash.ofPassword("correct horse");
        assertTrue(SecretHash.parse(hash.text()).matches("correct horse"));
        assertFalse(SecretHash.parse(hash.text()).matches("correct horse "));
        assertNotEquals(hash.text(), SecretHash.ofPassword("correct horse").text());
        assertEquals(
                "Reader[user=Optional.empty, secret=***]", Reader.parse(TOKEN).toString());
    }
}
