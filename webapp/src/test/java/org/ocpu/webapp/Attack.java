package org.ocpu.webapp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R code that is to fail.
 *
 * @param barriers any of them stops it
 */
record Attack(String group, String name, Set<Barrier> barriers, String code) {
    private static final String PLACE = "attacks/";

    /** Errors of an attack that was none, which must not count as one that was repelled. */
    private static final Pattern MISTAKE =
            Pattern.compile("There is no (attack|process)|could not find function|not in load table|not available for"
                    + "|no such symbol|unable to load shared object|object ['\u2018][^'\u2019]*['\u2019] not found|unused argument"
                    + "|is missing, with no default|subscript out of bounds|(is|are) not (all )?TRUE");

    /** Those of a file in {@code attacks/}, where each begins with {@code ## name | BARRIER...}. */
    static List<Attack> group(String group) {
        return Stream.of(source(group + ".R").split("(?m)^## "))
                .filter(part -> !part.isBlank())
                .map(part -> parse(group, part))
                .toList();
    }

    private static Attack parse(String group, String part) {
        String[] title = part.lines().findFirst().orElseThrow().split(" \\| ");
        Set<Barrier> barriers = Arrays.stream(title[1].split(" "))
                .map(Barrier::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Barrier.class)));
        return new Attack(group, title[0], barriers, part.substring(part.indexOf('\n') + 1));
    }

    /** The text of a file in {@code attacks/}. */
    static String source(String file) {
        try (InputStream in = Attack.class.getResourceAsStream(PLACE + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Whether it is promised to fail on a machine with these barriers. */
    boolean promised(Set<Barrier> here) {
        return !Collections.disjoint(barriers, here);
    }

    /** Whether what an attack got tells that it did not run. */
    static boolean isMistaken(String outcome) {
        return MISTAKE.matcher(outcome).find();
    }

    String title() {
        return group + ": " + name;
    }

    @Override
    public String toString() {
        return title() + " " + barriers;
    }
}
