package org.ocpu.app.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ocpu.app.rdata.RList;

/**
 * Names that tell the columns of a data frame apart, which R's need not.
 *
 * <p>Without a name, the n-th column is "Vn"; of equal names, all but the first get ".1", ".2" and so on, as by R's {@code
 * make.unique()}.
 */
final class ColumnNames {
    private ColumnNames() {}

    static List<String> of(RList frame) {
        String[] given = Attributed.strings(frame, "names").orElse(new String[0]);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < frame.length(); i++) {
            boolean named = i < given.length && given[i] != null && !given[i].isEmpty();
            names.add(named ? given[i] : "V" + (i + 1));
        }
        return unique(names);
    }

    private static List<String> unique(List<String> names) {
        Set<String> taken = new HashSet<>(names);
        Set<String> seen = new HashSet<>();
        List<String> unique = new ArrayList<>();
        for (String name : names) {
            unique.add(seen.add(name) ? name : free(name, taken));
        }
        return unique;
    }

    private static String free(String name, Set<String> taken) {
        int n = 1;
        while (!taken.add(name + "." + n)) {
            n++;
        }
        return name + "." + n;
    }
}
