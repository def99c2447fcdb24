package org.ocpu.builder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.ocpu.app.LoadCheck;

/** Loads packages in an R of its own, for tests of this module alone. */
final class Rscript implements LoadChecker {
    @Override
    public LoadCheck check(Path library, String name, Duration limit) {
        try {
            String[] loaded = run(".libPaths('%2$s'); loadNamespace('%1$s'); cat('\\n<session>\\n'); sessionInfo()"
                            .formatted(name, library))
                    .split("<session>", 2);
            return new LoadCheck(loaded.length == 2, loaded[0], loaded[loaded.length - 1].strip());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static String run(String code) throws IOException {
        Process r = new ProcessBuilder("Rscript", "--vanilla", "-e", code)
                .redirectErrorStream(true)
                .start();
        return new String(r.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
