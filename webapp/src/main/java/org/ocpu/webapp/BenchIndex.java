package org.ocpu.webapp;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Entries of an index as long and as entangled as CRAN's, of packages that are nowhere. The same each time. */
final class BenchIndex {
    private static final int SEED = 20;
    private static final int MOST_NEEDS = 12;
    private static final List<String> OF_R = List.of("methods", "stats", "utils", "graphics", "grDevices", "parallel");

    private final Random random = new Random(SEED);
    private final List<String> entries = new ArrayList<>();

    /** @param revision the last number of the versions */
    BenchIndex(int packages, int revision) {
        for (int number = 0; number < packages; number++) {
            entries.add(entry(number, revision));
        }
    }

    String firstHalf() {
        return String.join("\n", entries.subList(0, entries.size() / 2));
    }

    String secondHalf() {
        return String.join("\n", entries.subList(entries.size() / 2, entries.size()));
    }

    private String entry(int number, int revision) {
        return """
                Package: %s
                Version: %d.%d.%d
                Depends: R (>= 3.%d.0)
                Imports: %s
                Suggests: knitr, rmarkdown, testthat (>= 3.0.0), covr
                License: GPL (>= 2)
                MD5sum: %016x%016x
                NeedsCompilation: %s
                """.formatted(
                        name(number),
                        random.nextInt(5),
                        random.nextInt(20),
                        revision,
                        random.nextInt(7),
                        imports(number),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextInt(4) == 0 ? "yes" : "no");
    }

    /** Mostly of the few first ones, which everybody needs. */
    private String imports(int number) {
        List<String> imports = new ArrayList<>(List.of(OF_R.get(random.nextInt(OF_R.size()))));
        int needs = number == 0 ? 0 : random.nextInt(MOST_NEEDS);
        for (int need = 0; need < needs; need++) {
            double skewed = Math.pow(random.nextDouble(), 3);
            String name = name((int) (skewed * number));
            imports.add(random.nextInt(4) == 0 ? name + " (>= 0.0.0)" : name);
        }
        return String.join(", ", imports);
    }

    private static String name(int number) {
        return "listed%05d".formatted(number);
    }
}
