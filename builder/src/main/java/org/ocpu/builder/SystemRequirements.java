package org.ocpu.builder;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what packages name in {@code SystemRequirements} and this machine certainly lacks. The field is free text: only what
 * {@code system-requirements.txt} knows is looked for, and what is called optional is not.
 */
final class SystemRequirements {
    private static final Pattern SOFT =
            Pattern.compile("(?i)optional|recommended|suggested|if available|alternatively");
    private static final List<Known> KNOWN = read();
    private static final List<Path> INCLUDES = includes();

    private SystemRequirements() {}

    /**
     * @param evidence one of it is enough
     */
    private record Known(Pattern pattern, String debian, List<String> evidence) {}

    /** What is missing for this package, a line each; none when nothing certainly is. */
    static List<String> missing(Map<String, String> description) {
        String field = description.getOrDefault("SystemRequirements", "");
        List<String> missing = new ArrayList<>();
        for (Known known : KNOWN) {
            Optional<String> part = Stream.of(field.split("[,;]"))
                    .map(String::strip)
                    .filter(one -> known.pattern().matcher(one).find()
                            && !SOFT.matcher(one).find())
                    .findFirst();
            if (part.isPresent() && known.evidence().stream().noneMatch(SystemRequirements::isHere)) {
                missing.add("%s needs the system's %s: apt-get install %s"
                        .formatted(
                                description.getOrDefault("Package", "the package"),
                                Text.line(part.get().replaceFirst("[.]+$", ""), 100),
                                known.debian()));
            }
        }
        return missing;
    }

    private static boolean isHere(String evidence) {
        if (evidence.endsWith("!")) {
            String command = evidence.substring(0, evidence.length() - 1);
            return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin").split(":"))
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
        }
        if (evidence.endsWith(".h")) {
            return INCLUDES.stream().anyMatch(include -> Files.exists(include.resolve(evidence)));
        }
        return isModule(evidence);
    }

    private static boolean isModule(String name) {
        try {
            Process asked = new ProcessBuilder("pkg-config", "--exists", name)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = asked.waitFor(10, TimeUnit.SECONDS);
            asked.destroyForcibly();
            return ended && asked.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildStopped();
        }
    }

    /** Where compilers look for headers, on Debian also in a directory named for the machine. */
    private static List<Path> includes() {
        List<Path> all = new ArrayList<>();
        for (Path root : List.of(Path.of("/usr/include"), Path.of("/usr/local/include"))) {
            all.add(root);
            Disk.list(root).stream()
                    .filter(path -> path.getFileName().toString().contains("-linux-"))
                    .forEach(all::add);
        }
        return List.copyOf(all);
    }

    private static List<Known> read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                SystemRequirements.class.getResourceAsStream("system-requirements.txt"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> line.split("\\s+\\|\\s+"))
                    .map(parts -> new Known(
                            Pattern.compile(parts[0], Pattern.CASE_INSENSITIVE),
                            parts[1],
                            List.of(parts[2].split("\\s+"))))
                    .toList();
        } catch (IOException e) {
            throw new BuilderException("system-requirements.txt cannot be read", e);
        }
    }
}
