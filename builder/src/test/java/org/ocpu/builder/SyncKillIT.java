package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ocpu.mailer.MailerConfig;
import org.ocpu.mailer.Outbox;

/** What {@code kill -9} of the server leaves of a run. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class SyncKillIT extends SyncFixture {
    private static final List<String> NAMES = List.of("alone", "code", "left", "right", "top");
    private static final int KILLS = 8;

    private final Random random = new Random();

    @Test
    void everyPackageIsOldOrNewAfterAKillAtAnyMoment() throws Exception {
        builds.close();
        outbox.close();
        for (int version = 1; version <= KILLS / 2; version++) {
            cran.addAll(packages(version));
            cran.web().forget();
            killOnce();
            assertOldOrNew(version);
            killOnce();
            assertOldOrNew(version);
            recover(version);
        }
    }

    private static List<Map<String, String>> packages(int version) {
        String number = "1." + version;
        return List.of(
                RPackage.answering("alone", number, "" + version),
                RPackage.compiled("code", number, version),
                RPackage.needing("left", number, "Imports: code", "code::answer() * 0 + " + version),
                RPackage.needing("right", number, "Imports: code", "code::answer() * 0 + " + version),
                RPackage.needing("top", number, "Imports: left, right", "left::answer() * 0 + " + version));
    }

    private void killOnce() throws Exception {
        Process server = start();
        BufferedReader output = server.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.startsWith("runs ")) {
            line = output.readLine();
        }
        assertNotNull(line, "the server did not begin");
        assertFalse(server.waitFor(random.nextLong(4_000), TimeUnit.MILLISECONDS), "the server ended by itself");
        List<ProcessHandle> children = ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(command -> command.contains(data() + "/cran/work"))
                        .isPresent())
                .toList();
        server.destroyForcibly().waitFor();
        for (ProcessHandle child : children) {
            child.onExit().get(20, TimeUnit.SECONDS);
        }
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledSync.class.getName(),
                data().toString()));
        settings(cran, String.join(" ", NAMES)).forEach((key, value) -> command.addAll(List.of(key, value)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** As the next server finds it, without having done anything. */
    private void assertOldOrNew(int version) throws IOException {
        Map<String, String> live = versions(library());
        assertTrue(version == 1 || live.keySet().containsAll(NAMES), () -> "packages are gone: " + live);
        List<String> expected = new ArrayList<>();
        live.forEach((name, is) -> {
            assertTrue(Set.of("1." + version, "1." + (version - 1)).contains(is), () -> name + " is " + is);
            expected.add(is.substring(2));
        });
        if (!live.isEmpty()) {
            assertEquals(String.join(" ", expected), answers(library(), live.keySet()));
        }
    }

    private void recover(int version) throws Exception {
        Set<String> there = new TreeSet<>();
        kept().stream()
                .filter(file -> file.endsWith(".tar.gz"))
                .map(file -> file.replaceFirst("_.*", ""))
                .forEach(there::add);
        versions(library()).forEach((name, is) -> {
            if (is.equals("1." + version)) {
                there.add(name);
            }
        });
        cran.web().forget();
        outbox = Outbox.open(data().resolve("outbox"), MailerConfig.from(Map.of()));
        builds = BuildService.open(config(settings(cran, String.join(" ", NAMES))), data(), new Rscript(), outbox);
        succeeded(run());
        assertEquals(versionsAre("1." + version), live());
        for (String name : there) {
            assertEquals(
                    0,
                    cran.web().count(CranServer.path(name, "1." + version)),
                    () -> name + " was there: " + cran.web().requests());
        }
        assertEquals(List.of(), kept());
        builds.close();
        outbox.close();
        assertWhole(data());
        assertOldOrNew(version);
    }

    private static Map<String, String> versionsAre(String version) {
        Map<String, String> all = new TreeMap<>();
        NAMES.forEach(name -> all.put(name, version));
        return all;
    }
}
