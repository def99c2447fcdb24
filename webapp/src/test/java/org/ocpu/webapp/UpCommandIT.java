package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ocpu up} and {@code ocpu push} as processes of their own. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class UpCommandIT {
    @TempDir
    Path data;

    private Process ocpu(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(UpProcess.java());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String tokenIn(String printed) {
        Matcher token = Pattern.compile("Admin token: (\\S+)").matcher(printed);
        return token.find() ? token.group(1) : "";
    }

    private List<String> processesOfTheServer() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(data.toString()))
                .toList();
    }

    @Test
    void anEmptyDirectoryGetsTheSampleAppsByPushesAndCtrlCLeavesNothingBehind() throws Exception {
        try (UpProcess up = UpProcess.withSampleApp(data, Map.of(), "Ctrl-C")) {
            String printed = up.printed();
            for (String stage :
                    List.of("server started", "pushed ocpu/hello", "delivered", "checkout", "install", "publish",
                    "published ocpu/geyser", "published ocpu/explore")) {
                assertTrue(printed.contains("  " + stage), printed);
            }
            for (String app : List.of("hello", "geyser", "explore")) {
                assertTrue(printed.contains("/ocpu/apps/ocpu/" + app + "/www/"), printed);
            }
            assertTrue(new AdminToken(DataDirectory.open(data)).accepts(tokenIn(printed)), printed);

            Process second = ocpu("up", "--port", "0", "--data", data.toString());
            assertEquals(1, second.onExit().get().exitValue(), "a data directory has one server");

            Process push = ocpu("push", "Ada/Hi", "src/main/samples/hello", "--data", data.toString());
            String pushed = new String(push.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertEquals(0, push.onExit().get().exitValue(), pushed);
            assertTrue(pushed.contains("/ocpu/apps/Ada/Hi/"), pushed);

            up.signal("INT");
            up.awaitEnd();
        }
        assertTrue(TestServer.within(() -> processesOfTheServer().isEmpty()), () -> processesOfTheServer()
                .toString());
    }

    @Test
    void theAdminTokenIsPrintedAtTheFirstStartOnly() throws Exception {
        assertEquals(43, tokenIn(start()).length());
        assertEquals("", tokenIn(start()));
    }

    /** Starts a server and ends it as soon as it is up; what it printed. */
    private String start() throws Exception {
        try (UpProcess up = new UpProcess(data, Map.of())) {
            String printed = up.printed();
            up.signal("KILL");
            return printed;
        }
    }

    @Test
    void killingTheServerLeavesNoRBehind() throws Exception {
        try (UpProcess up = new UpProcess(data, Map.of())) {
            List<ProcessHandle> engines = up.descendants();
            assertTrue(!engines.isEmpty(), "no R engine runs");
            up.signal("KILL");
            for (ProcessHandle engine : engines) {
                engine.onExit().get(1, TimeUnit.MINUTES);
            }
        }
    }
}
