package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may become a session of what a hostile call left. */
class SessionFilesTest {
    @TempDir
    Path session;

    @BeforeEach
    void leave() throws IOException {
        Files.writeString(session.resolve("texts.json"), "{}");
        Files.createDirectory(session.resolve("files"));
    }

    private String refusal() {
        return assertThrows(WorkerLostException.class, () -> SessionFiles.settle(session))
                .getMessage();
    }

    @Test
    void anEndlessListOfTextsIsRefused() throws IOException {
        try (RandomAccessFile texts =
                new RandomAccessFile(session.resolve("texts.json").toFile(), "rw")) {
            texts.setLength(1L << 30);
        }
        assertTrue(refusal().contains("list of texts"), refusal());
    }

    @Test
    void whatACallPrintedIsReadFromForgedLists() throws IOException {
        Files.writeString(
                session.resolve("texts.json"), "{\"stdout\":[\"a\",[\"x\"],\"b\"],\"other\":{\"a\":[]},\"console\":1}");
        SessionFiles.settle(session);
        SessionTexts texts = new SessionTexts(session);
        assertEquals(java.util.List.of("stdout", "console"), texts.names());
        assertEquals(4, texts.content("stdout").orElseThrow().length());
        assertTrue(texts.content("console").isEmpty());
        assertTrue(texts.content("other").isEmpty());
    }
}
