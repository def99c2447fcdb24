package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BuildUsersIT {
    @Test
    void aUserStaysLockedAgainstOtherServersWhileItIsTaken() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can be somebody else");
        BuildUsers users = new BuildUsers();
        try (BuildUser first = users.take();
                BuildUser second = new BuildUsers().take()) {
            assertNotEquals(first.id(), second.id());
            assertEquals(1, locks(first), "looking for the second has given up the first");
            assertEquals(1, locks(second));
        }
    }

    /** How many locks this process has on a user's file. */
    private static long locks(BuildUser user) throws IOException {
        Object file = Files.getAttribute(Path.of("/run/ocpu/build-user-" + user.id()), "unix:ino");
        String mine = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .filter(line -> line.contains(mine) && line.contains(":" + file + " "))
                .count();
    }
}
