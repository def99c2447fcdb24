package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskViewTest {
    @TempDir
    Path root;

    @Test
    void readsTheXmlOfOldTaskViews() throws IOException {
        assertEquals(List.of("zoo", "xts"), names("Series.ctv", """
                        <?xml version="1.0"?>
                        <!DOCTYPE CRANTaskView SYSTEM "http://127.0.0.1:1/CRANTaskView.dtd">
                        <CRANTaskView><name>Series</name><info><pkg>mentioned</pkg> only</info>
                        <packagelist><pkg priority="core">zoo</pkg><pkg> xts </pkg><pkg>zoo</pkg></packagelist>
                        <links><a href="x">y</a><pkg>other</pkg></links></CRANTaskView>
                        """));
    }

    @Test
    void readsTheMarkdownOfNewTaskViews() throws IOException {
        assertEquals(List.of("zoo", "xts", "R2OpenBUGS"), names("Series.md", """
                        ---
                        name: Series
                        ---
                        See `r pkg("zoo", priority = "core")` and `r pkg('xts')`, not pkg("this") nor `r github("a/b")`;
                        `r pkg( "R2OpenBUGS" )`, again `r pkg("zoo")`.
                        """));
    }

    @Test
    void readsAListOfNames() throws IOException {
        assertEquals(List.of("zoo", "xts"), names("ours.txt", "# ours\nzoo\n\n  xts # not yet\r\n"));
    }

    @Test
    void readsOneOfTheWeb() throws IOException {
        Files.writeString(root.resolve("view"), "zoo\n");
        try (FileServer server = new FileServer(root)) {
            assertEquals(List.of("zoo"), names(URI.create(server.url() + "/view")));
            assertTrue(failure(URI.create(server.url() + "/none")).endsWith("/none: there is no such task view"));
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        assertTrue(failure(root.resolve("none.ctv").toUri()).contains("there is no such task view"));
        assertWrong("names no package", "empty.txt", "# nothing\n");
        assertWrong("names no package", "empty.md", "nothing");
        assertWrong("names no package", "empty.ctv", "<CRANTaskView/>");
        assertWrong("XML is wrong in line 2", "cut.ctv", "<CRANTaskView>\n<packagelist>");
        assertWrong("not a package name: <html>", "page.txt", "<html>\n");
        assertWrong("not a package name: ../x", "up.md", "`r pkg(\"../x\")`");
    }

    @Test
    void readsNothingElseForAnXml() throws IOException {
        Path secret = Files.writeString(root.resolve("secret"), "secret");
        String view = "<!DOCTYPE v [<!ENTITY s SYSTEM \"%s\">]><v><packagelist><pkg>&s;</pkg></packagelist></v>"
                .formatted(secret.toUri());
        assertWrong("task view", "entity.ctv", view);
    }

    private void assertWrong(String reason, String file, String text) throws IOException {
        String failure = failure(Files.writeString(root.resolve(file), text).toUri());
        assertTrue(failure.contains(file + ": this is not a task view") && failure.contains(reason), failure);
        assertTrue(!failure.contains("secret"), failure);
    }

    private static String failure(URI location) {
        return assertThrows(BuildFailure.class, () -> names(location)).getMessage();
    }

    private List<String> names(String file, String text) throws IOException {
        return names(Files.writeString(root.resolve(file), text).toUri());
    }

    private static List<String> names(URI location) {
        RepositoryFiles files = new RepositoryFiles("R/4", RepositoryFiles.Limits.USUAL);
        return new TaskView(files).names(location, new StopSignal());
    }
}
