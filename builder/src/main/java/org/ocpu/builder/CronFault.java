package org.ocpu.builder;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Finds what is wrong in a cron expression: Quartz tells it for some faults only, and then as a place within the field. */
final class CronFault {
    private static final Pattern FIELD = Pattern.compile("[^ \t]+");
    private static final List<String> WITH_DAYS_OF_MONTH = List.of("0", "0", "0", "*", "*", "?", "*");
    private static final List<String> WITH_DAYS_OF_WEEK = List.of("0", "0", "0", "?", "*", "*", "*");
    private static final int DAY_OF_WEEK = 5;

    private CronFault() {}

    /**
     * Where the first field begins that is wrong by itself, or does not go with those before; the end, when fields are missing.
     *
     * @param expression one that is wrong
     * @return a character, the first is 1
     */
    static int position(String expression, Predicate<String> valid) {
        List<MatchResult> fields = FIELD.matcher(expression).results().toList();
        for (int i = 0; i < Math.min(fields.size(), WITH_DAYS_OF_MONTH.size()); i++) {
            String field = fields.get(i).group();
            if (!valid.test(alone(field, i, WITH_DAYS_OF_MONTH)) && !valid.test(alone(field, i, WITH_DAYS_OF_WEEK))) {
                return fields.get(i).start() + 1;
            }
        }
        return fields.size() <= DAY_OF_WEEK
                ? expression.length() + 1
                : fields.get(DAY_OF_WEEK).start() + 1;
    }

    private static String alone(String field, int index, List<String> others) {
        List<String> all = new ArrayList<>(others);
        all.set(index, field);
        return String.join(" ", all);
    }
}
