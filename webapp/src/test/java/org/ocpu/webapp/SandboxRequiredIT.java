package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers on a kernel that has no Landlock: what runs them has it say so. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SandboxRequiredIT {
    private static final String WITHOUT_LANDLOCK = """
            #include <errno.h>
            #include <linux/filter.h>
            #include <linux/seccomp.h>
            #include <stddef.h>
            #include <sys/prctl.h>
            #include <unistd.h>

            int main(int count, char **command) {
              struct sock_filter steps[] = {
                  {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
                  {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 444 /* landlock_create_ruleset */},
                  {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS},
                  {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
              struct sock_fprog program = {4, steps};
              if (count < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
                return 99;
              execvp(command[1], command + 1);
              return 98;
            }
            """;

    @TempDir
    static Path directory;

    private static String prefix;

    @BeforeAll
    static void compile() throws Exception {
        Path source = Files.writeString(directory.resolve("without.c"), WITHOUT_LANDLOCK);
        prefix = directory.resolve("without").toString();
        Process gcc = new ProcessBuilder("gcc", "-o", prefix, source.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, gcc.waitFor(), output);
    }

    private static UpProcess up(String mode) throws Exception {
        return new UpProcess(directory.resolve(mode), Map.of("sandbox", mode), new ProcessBuilder(prefix));
    }

    @Test
    void whatIsRequiredAndNotThereKeepsTheServerFromStarting() {
        String said = assertThrows(AssertionError.class, () -> up("required")).getMessage();
        assertTrue(said.contains("sandbox: required, but workers would be "), said);
        assertTrue(said.contains("missing: Landlock (Linux 5.13 or newer"), said);
    }

    @Test
    void otherwiseItSaysWhatIsMissingAndWorks() throws Exception {
        try (UpProcess up = up("auto")) {
            String info = text(up.get("/ocpu/info"));
            assertTrue(info.contains("\nworkers: ") && info.contains("missing: Landlock (Linux 5.13 or newer"), info);
            assertEquals(201, up.evaluate("1").statusCode());
        }
    }
}
