package org.ocpu.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lines that an engine sends, heard on a thread of their own until they end. */
final class EngineEvents {
    private static final Logger LOG = LoggerFactory.getLogger(EngineEvents.class);

    /** What is longer is no event, but a package's doing. */
    private static final int LONGEST = 8192;

    private EngineEvents() {}

    static void follow(String what, InputStream stream, Consumer<String> each, Runnable atEnd) {
        Thread reader = new Thread(
                () -> {
                    try (stream) {
                        read(stream, each);
                    } catch (InterruptedIOException e) {
                        Thread.currentThread().interrupt();
                    } catch (IOException e) {
                        LOG.debug("The engine's {} ended: {}", what, e.getMessage());
                    } finally {
                        atEnd.run();
                    }
                },
                "engine-" + what);
        reader.setDaemon(true);
        reader.start();
    }

    private static void read(InputStream stream, Consumer<String> each) throws IOException {
        byte[] line = new byte[LONGEST];
        byte[] chunk = new byte[LONGEST];
        int length = 0;
        for (int n = stream.read(chunk); n >= 0; n = stream.read(chunk)) {
            for (int i = 0; i < n; i++) {
                if (chunk[i] == '\n') {
                    each.accept(new String(line, 0, length, StandardCharsets.UTF_8));
                    length = 0;
                } else if (length < LONGEST) {
                    line[length++] = chunk[i];
                }
            }
        }
    }
}
