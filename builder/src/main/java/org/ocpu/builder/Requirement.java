package org.ocpu.builder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A package that another one needs, such as {@code rlang (>= 1.0)}. */
record Requirement(String name, String operator, String version) {
    static final List<String> FIELDS = List.of("Depends", "Imports", "LinkingTo");
    private static final Pattern ONE =
            Pattern.compile("([A-Za-z][A-Za-z0-9.]*)\\s*(?:\\(\\s*(>=|<=|==|!=|>|<)\\s*([0-9.-]+)\\s*\\))?");
    private static final Pattern R_REVISION = Pattern.compile("R\\s*\\(\\s*(>=|<=|==|!=|>|<)\\s*r[0-9]+\\s*\\)");

    /** What a package needs to be installed; absent when one of it is beyond this class, which R then has to judge. */
    static Optional<List<Requirement>> of(Map<String, String> description) {
        List<Requirement> all = new ArrayList<>();
        for (String field : FIELDS) {
            for (String item : description.getOrDefault(field, "").split(",")) {
                Optional<Requirement> one = parse(item.strip());
                if (one.isEmpty() && !item.isBlank()) {
                    return Optional.empty();
                }
                one.ifPresent(all::add);
            }
        }
        return Optional.of(all);
    }

    /** One item of such a field; absent when it is beyond this class. */
    static Optional<Requirement> parse(String item) {
        Matcher one = ONE.matcher(item);
        return one.matches()
                ? Optional.of(new Requirement(
                        one.group(1),
                        Optional.ofNullable(one.group(2)).orElse(""),
                        Optional.ofNullable(one.group(3)).orElse("")))
                : Optional.empty();
    }

    /** Whether an item asks for a revision of R's sources, which no release has to be checked for. */
    static boolean isRevisionOfR(String item) {
        return R_REVISION.matcher(item).matches();
    }

    /** Whether a version certainly will do. */
    boolean isMetBy(String installed) {
        if (operator.isEmpty()) {
            return true;
        }
        Optional<Integer> order =
                RVersion.of(installed).flatMap(has -> RVersion.of(version).map(has::compareTo));
        return order.filter(this::accepts).isPresent();
    }

    /** For people: {@code rlang >= 1.0}. */
    @Override
    public String toString() {
        return operator.isEmpty() ? name : name + " " + operator + " " + version;
    }

    private boolean accepts(int order) {
        return switch (operator) {
            case ">=" -> order >= 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case "<" -> order < 0;
            case "==" -> order == 0;
            default -> order != 0;
        };
    }
}
