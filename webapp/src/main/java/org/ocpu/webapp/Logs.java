package org.ocpu.webapp;

import java.nio.file.Path;

/** Where the log goes; see {@code logback.xml}. To be called before anything logs. */
final class Logs {
    private Logs() {}

    /** A server's log: files in the directory, warnings also to standard error. */
    static void into(Path directory) {
        System.setProperty("ocpu.logs", directory.toString());
    }

    /** A short command's log: warnings to standard error, nothing on disk. */
    static void toConsole() {
        System.setProperty("logback.configurationFile", "org/ocpu/webapp/logback-console.xml");
    }
}
