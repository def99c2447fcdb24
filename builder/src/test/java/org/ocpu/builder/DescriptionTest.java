package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptionTest {
    @TempDir
    Path source;

    @Test
    void readsNameVersionTitleAndWhatItIsFor() throws IOException {
        assertEquals(
                new Description("my.pkg", "1.2-3", "Prices of Stocks – live", "Says what they cost, now."),
                read(
                        "# comment\nPackage: my.pkg\r\nTitle: Prices\n    of Stocks –\n\tlive\nVersion:1.2-3\nDescription: Says what\n    they cost,\n    now.\n\n"));
    }

    @Test
    void readsATitleInLatin1() throws IOException {
        Files.write(
                source.resolve("DESCRIPTION"),
                "Package: pkg\nVersion: 1.0\nTitle: Größe\nEncoding: latin1\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("Größe", Description.read(source).title());
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        fails("no DESCRIPTION", () -> Description.read(source));
        fails("no field Package", () -> read("Version: 1.0\n"));
        fails("no field Package", () -> read(""));
        fails("no field Version", () -> read("Package: pkg\n"));
        fails("neither a field", () -> read("Package: pkg\nwhat is this\n"));
        fails("not a valid version", () -> read("Package: pkg\nVersion: one\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1ab", "a.", "a/b", "../x", "a b", "ä1", "a_b", "<script>"})
    void refusesNamesThatRDoesNotAllow(String name) {
        fails("not a valid package name", () -> read("Package: " + name + "\nVersion: 1.0\n"));
    }

    @Test
    void doesNotFollowALink() throws IOException {
        Path elsewhere = Files.writeString(source.resolve("elsewhere"), "Package: pkg\nVersion: 1.0\n");
        Files.createSymbolicLink(source.resolve("DESCRIPTION"), elsewhere);
        fails("no DESCRIPTION", () -> Description.read(source));
    }

    private Description read(String text) throws IOException {
        Files.writeString(source.resolve("DESCRIPTION"), text);
        return Description.read(source);
    }

    private static void fails(String reason, org.junit.jupiter.api.function.Executable reading) {
        String message = assertThrows(BuildFailure.class, reading).getMessage();
        assertTrue(message.contains(reason), message);
    }
}
