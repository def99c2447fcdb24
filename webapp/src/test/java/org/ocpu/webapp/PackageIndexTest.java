package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.ocpu.app.HostedApp;
import org.ocpu.app.PackageSource;

class PackageIndexTest {
    private static HostedApp app(String owner, String repo, Optional<String> part, String version) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Package", "tinypkg");
        fields.put("Version", version);
        fields.put("License", "MIT \u00a9");
        fields.put("MD5sum", "0a1b");
        PackageSource source = new PackageSource("tinypkg_" + version + ".tar.gz", fields);
        return new HostedApp(
                owner,
                repo,
                part,
                Optional.empty(),
                "tinypkg",
                "Tiny",
                version,
                "",
                7,
                Instant.EPOCH,
                true,
                Optional.of(source));
    }

    @Test
    void recordsAreAParagraphEachWithThePathBelowTheIndex() throws IOException {
        PackageIndex index = new PackageIndex(
                List.of(app("Ada", "Tiny", Optional.empty(), "1.0"), app("Bob", "All", Optional.of("calc"), "2.0")),
                app -> app.owner() + "/" + app.path());
        String text = """
                Package: tinypkg
                Version: 1.0
                License: MIT \u00a9
                MD5sum: 0a1b
                Path: Ada/Tiny

                Package: tinypkg
                Version: 2.0
                License: MIT \u00a9
                MD5sum: 0a1b
                Path: Bob/All/calc
                """;
        assertEquals(text, new String(index.text(), StandardCharsets.UTF_8));
        byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(index.compressed())).readAllBytes();
        assertEquals(text, new String(unpacked, StandardCharsets.UTF_8));
    }

    @Test
    void withoutAppsItIsEmpty() {
        assertEquals(0, new PackageIndex(List.of(), HostedApp::path).text().length);
    }
}
