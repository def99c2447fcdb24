package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What packages say they need. */
class RequirementTest {
    @ParameterizedTest
    @CsvSource({
        ">= 1.2, 1.10, true",
        ">= 1.2, 1.1.9, false",
        "== 1.2-3, 1.2.3, true",
        "== 1.2, 1.2.0, false",
        "< 2.0, 2.0, false",
        "!= 2.0, 2.1, true",
        ">= 1.2, unknown, false"
    })
    void comparesVersionsAsRDoes(String limit, String version, boolean met) {
        var needs =
                Requirement.of(Map.of("Imports", "rlang\n (" + limit + "),")).orElseThrow();
        assertEquals(met, needs.get(0).isMetBy(version));
    }

    @Test
    void leavesToRWhatItDoesNotUnderstand() {
        assertTrue(Requirement.of(Map.of("Depends", "R (>= r1234)")).isEmpty());
    }

    @Test
    void readsRemotes() {
        assertEquals(
                new RemoteEntry("ada", "tools", "pkg/deep", "v1.0", "deep"),
                RemoteEntry.parse("github::ada/tools/pkg/deep@v1.0"));
        assertEquals(
                new RemoteEntry("ada", "tools", "", "refs/pull/7/head", "kit"), RemoteEntry.parse("kit=ada/tools#7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gitlab::ada/tools", "tools", "ada/tools/../x", "https://example.org/a/b", "ada/to ols"})
    void refusesOtherRemotes(String entry) {
        assertThrows(BuildFailure.class, () -> RemoteEntry.parse(entry));
    }

    @ParameterizedTest
    @CsvSource({
        "^[[:alpha:]]+$, abc, true",
        "^[[:alpha:]]+$, ab1, false",
        "[[], a[b, true",
        "[]x], ], true",
        "a[&&b], a&, true"
    })
    void readsPerlsPatternsAsPerlDoes(String pattern, String text, boolean found) {
        assertEquals(
                found,
                Pattern.compile(PerlPattern.forJava(pattern)).matcher(text).find());
    }
}
