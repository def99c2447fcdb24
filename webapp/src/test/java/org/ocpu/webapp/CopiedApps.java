package org.ocpu.webapp;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes a server of one app one of many, while it does not run: each is what was published, under another name. */
final class CopiedApps {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int OWNERS = 5;

    private CopiedApps() {}

    /** @param app its directory below {@code apps/} */
    static void of(Path app, int copies) throws IOException {
        Path apps = app.getParent().getParent();
        for (int n = 1; n <= copies; n++) {
            String owner = "owner" + n % OWNERS;
            Path copy = apps.resolve(owner).resolve("copy" + n);
            copy(app, copy);
            rename(copy, owner, n);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(from)) {
            files = walk.toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.copy(file, target, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static void rename(Path app, String owner, int n) throws IOException {
        Path file = app.resolve("current/app.json");
        ObjectNode about = (ObjectNode) JSON.readTree(file.toFile());
        about.put("owner", owner).put("repo", "copy" + n).put("title", "Copy " + n);
        Files.write(file, JSON.writeValueAsBytes(about));
    }
}
