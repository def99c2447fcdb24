package org.ocpu.webapp;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where the log goes; see {@code logback.xml}. To be called before anything logs. */
final class Logs {
    /** A session's key guards the session's data. */
    private static final Pattern KEY = Pattern.compile("x0[0-9a-f]{8,}");

    private Logs() {}

    /** Without what is not to be in a log; {@code logback.xml} does the same. */
    static String masked(String text) {
        return KEY.matcher(text).replaceAll("x0...");
    }

    /** A server's log: files in the directory, warnings also to standard error. */
    static void into(Path directory) {
        System.setProperty("ocpu.logs", directory.toString());
    }

    /** A short command's log: warnings to standard error, nothing on disk. */
    static void toConsole() {
        System.setProperty("logback.configurationFile", "org/ocpu/webapp/logback-console.xml");
    }
}
