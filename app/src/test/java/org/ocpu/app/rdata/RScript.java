package org.ocpu.app.rdata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Runs R code in a process of its own, in a directory where it finds and leaves files. */
public final class RScript {
    private RScript() {}

    /** What the code printed; an error in it fails the test. */
    public static String run(Path directory, String code) {
        ProcessBuilder builder = new ProcessBuilder("Rscript", "--vanilla", "-e", code)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError("R failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
