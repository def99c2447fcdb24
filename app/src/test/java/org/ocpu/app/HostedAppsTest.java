package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostedAppsTest {
    @TempDir
    Path apps;

    private HostedApps hosted;

    @BeforeEach
    void publish() throws IOException {
        apps = apps.toRealPath();
        hosted = new HostedApps(apps);
        publish("ada/tiny", "\"repo\": \"Tiny\"");
        publish("ada/tiny:calc", "\"repo\": \"Tiny\", \"part\": \"Calc\"");
        publish("ada/tiny@feature~x", "\"repo\": \"Tiny\", \"preview\": \"feature~x\"");
        publish("ada/tiny:calc@pr-7", "\"repo\": \"Tiny\", \"part\": \"Calc\", \"preview\": \"pr-7\"");
        publish("ada/.dots", "\"repo\": \".dots\"");
    }

    private void publish(String directory, String names) throws IOException {
        Files.createDirectories(apps.resolve(directory));
        Files.createSymbolicLink(apps.resolve(directory).resolve("current"), Path.of("versions/7"));
        version(directory, 7, names);
    }

    private void version(String directory, int build, String names) throws IOException {
        Path version = Files.createDirectories(
                apps.resolve(directory).resolve("versions").resolve(Integer.toString(build)));
        Files.writeString(
                version.resolve("app.json"),
                "{\"owner\": \"Ada\", %s, \"package\": \"tinypkg\", \"publishedAt\": \"2026-01-02T03:04:05Z\"}"
                        .formatted(names));
    }

    @ParameterizedTest
    @CsvSource({
        "Tiny, tiny, apps/ada/tiny",
        "tiny/calc, tiny:calc, apps/ada/tiny/calc",
        "Tiny@feature~X, tiny@feature~x, apps/ada/tiny@feature~x",
        "Tiny/Calc@pr-7, tiny:calc@pr-7, apps/ada/tiny/calc@pr-7",
        ".dots, .dots, apps/ada/.dots"
    })
    void findsAppsPartsAndPreviews(String path, String directory, String place) {
        PackageRef ref = hosted.find("ADA", path).orElseThrow();
        assertEquals(
                new PackageRef(apps.resolve("ada").resolve(directory).resolve("versions/7"), "tinypkg", place, "7"),
                ref);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../tiny",
                "tiny/..",
                "tiny/calc/x",
                "tiny:calc",
                "tiny@",
                "tiny@..",
                "tiny@feature/x",
                "tiny@feature~x/calc",
                "tiny\0",
                "other"
            })
    void findsNothingElse(String path) {
        assertEquals(Optional.empty(), hosted.find("ada", path));
        assertEquals(Optional.empty(), hosted.find("..", path));
    }

    @Test
    void listsPartsButNoPreviews() {
        List<String> paths = List.of(".dots", "Tiny", "Tiny/Calc");
        assertEquals(paths, hosted.list("Ada").stream().map(HostedApp::path).toList());
        assertEquals(paths, hosted.list().stream().map(HostedApp::path).toList());
    }

    @Test
    void listsNothingThatIsRemoved() throws IOException {
        Files.delete(apps.resolve("ada/tiny/current"));
        Files.writeString(apps.resolve("ada/notes.txt"), "not an app");
        assertEquals(
                List.of(".dots", "Tiny/Calc"),
                hosted.list("ada").stream().map(HostedApp::path).toList());
        assertEquals(Optional.empty(), hosted.find("ada", "tiny"));
    }

    private static String source(String version, boolean open) {
        return "\"repo\": \"Lib\", \"open\": %b, \"source\": {\"file\": \"lib_%s.tar.gz\", \"fields\": {}}"
                .formatted(open, version);
    }

    private String found(String path, String version, boolean closedToo) {
        return hosted.findSource("ADA", path, "lib_" + version + ".tar.gz", closedToo)
                .map(PackageRef::stamp)
                .orElse("none");
    }

    @Test
    void findsTheSourceOfTheLiveVersionAndOfThoseThatAreKept() throws IOException {
        publish("ada/lib", source("1.0", true));
        version("ada/lib", 9, source("2.0", true));
        version("ada/lib", 10, source("2.0", true));
        version("ada/lib", 11, source("1.0", true));
        version("ada/lib", 6, source("0.9", false));
        assertEquals("7", found("Lib", "1.0", false), "the live one before a newer one of the same name");
        assertEquals("10", found("Lib", "2.0", false));
        assertEquals("none", found("Lib", "0.9", false), "from when the repository was closed");
        assertEquals("6", found("Lib", "0.9", true));
        assertEquals("none", found("Lib", "3.0", true));
        assertEquals("none", found("tiny", "1.0", true), "built before sources were kept");
        Files.delete(apps.resolve("ada/lib/current"));
        assertEquals("none", found("Lib", "1.0", true), "removed");
    }

    @Test
    void offersNoSourceOfClosedRepositoriesAndPreviews() throws IOException {
        publish("ada/lib", source("1.0", false));
        version("ada/lib", 6, source("0.9", true));
        publish("ada/lib@pr-7", source("2.0", true) + ", \"preview\": \"pr-7\"");
        assertEquals("none", found("lib", "1.0", false));
        assertEquals("none", found("lib", "0.9", false), "it was open then, but no longer is");
        assertEquals("7", found("lib", "1.0", true));
        assertEquals("none", found("lib@pr-7", "2.0", true));
    }
}
