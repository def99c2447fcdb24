package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
    private static final String KEY = "x0123456789abcdef0123456789";

    @TempDir
    Path logs;

    /** Logs with the configuration of a server; what its file has then. */
    private String logged(String message, Exception exception) throws Exception {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putProperty("ocpu.logs", logs.toString());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        URL configuration = Logs.class.getResource("/logback.xml");
        configurator.doConfigure(configuration);
        context.getLogger("test").info(message, exception);
        context.stop();
        return Files.readString(logs.resolve("ocpu.log"));
    }

    @Test
    void noSessionKeyIsInTheLogWhole() throws Exception {
        Exception cause = new IOException("/data/sessions/x012/" + KEY + "/texts.json");
        Exception exception = new IllegalStateException("Cannot read " + KEY + "/R", cause);
        String log = logged("R: reading '" + KEY + "'", exception);
        assertFalse(log.contains(KEY), log);
        assertTrue(log.contains("R: reading 'x0...'"), log);
        assertTrue(log.contains("IllegalStateException: Cannot read x0.../R"), log);
        assertTrue(log.contains("Caused by: java.io.IOException: /data/sessions/x012/x0.../texts.json"), log);
        assertTrue(log.contains("\tat org.ocpu.webapp.LogsTest."), log);
        assertEquals(1, log.split("IllegalStateException", -1).length - 1, "each exception is there once: " + log);
    }
}
