package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** In Latin-1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "{",
                "{\"stdout\":[\"a",
                "{\"stdout\":[\"a\"]} x",
                "{\"stdout\":[1,]}",
                "{\"stdout\":[\"\\ud\"]}",
                "{\"stdout\":[\"\u00ff\u00fe\"]}",
                "{\"stdout\":[\"\u0000\"]}",
                "\u0000\u0000\u0000{\u0011",
                "\u0000\u0000\u00fe\u00ff\u00ff\u00ff\u00ff\u00ff",
                "{\"other\":NaN}"
            })
    void aListOfTextsThatIsNoneIsRefused(String list) throws IOException {
        Files.write(session.resolve("texts.json"), list.getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(refusal().contains("list of texts"), refusal());
    }

    @Test
    void aListOfTextsThatIsTooDeepIsRefused() throws IOException {
        Files.writeString(session.resolve("texts.json"), "[".repeat(100_000) + "]".repeat(100_000));
        assertTrue(refusal().contains("list of texts"), refusal());
    }

    @Test
    void whatACallPrintedIsReadFromForgedLists() throws IOException {
        Files.writeString(
                session.resolve("texts.json"), "{\"stdout\":[\"a\",[\"x\"],\"b\"],\"other\":{\"a\":[]},\"console\":1}");
        SessionFiles.settle(session);
        SessionTexts texts = new SessionTexts(session);
        assertEquals(List.of("stdout", "console"), texts.names());
        assertEquals(4, texts.content("stdout").orElseThrow().length());
        assertTrue(texts.content("console").isEmpty());
        assertTrue(texts.content("other").isEmpty());
    }

    @Test
    void moreFilesThanListsCanHoldAreRefused() throws IOException {
        Path deep = Files.createDirectory(session.resolve("files/d"));
        for (int n = 0; n < 20_001; n++) {
            Files.createFile(deep.resolve("f" + n));
        }
        assertTrue(DiskUse.of(session).space() > 20_001 * 4096L);
        assertTrue(refusal().contains("more than 20000 files"), refusal());
    }

    @Test
    void longerNamesThanListsCanHoldAreRefused() throws IOException {
        Path deep = session.resolve("files");
        for (int n = 0; n < 12; n++) {
            deep = deep.resolve("d".repeat(255));
        }
        Files.createDirectories(deep);
        for (int n = 0; n < 1_400; n++) {
            Files.createFile(deep.resolve("f" + n));
        }
        assertTrue(refusal().contains("paths of more than"), refusal());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "R.%.rds",
                "R.%2.rds",
                "R.%zz.rds",
                "R.a\nb.rds",
                "graphics.x.rds",
                "graphics.0.rds",
                "text.a.b",
                "x"
            })
    void namesThatNoCallLeavesGo(String name) throws IOException {
        Files.createFile(session.resolve(name));
        Files.createFile(session.resolve("R.a%2Fb.rds"));
        Files.createFile(session.resolve("graphics.1.rds"));
        SessionFiles.settle(session);
        assertFalse(Files.exists(session.resolve(name)));
        assertTrue(Files.exists(session.resolve("R.a%2Fb.rds")));
        assertTrue(Files.exists(session.resolve("graphics.1.rds")));
    }
}
