package org.ocpu.app;

import java.text.Normalizer;
import java.util.Comparator;

/**
 * The order in which R lists names, that of English in the Unicode Collation Algorithm: punctuation, symbols, digits, letters without
 * regard to case or accents. Among names that differ in nothing else, plain letters precede accented ones and small precede capital ones.
 */
public final class ListOrder {
    private static final String CHARACTERS = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";

    /** Consistent with equals. */
    public static final Comparator<String> INSTANCE = Comparator.comparing(ListOrder::plain, ListOrder::compare)
            .thenComparing(ListOrder::decomposed, Comparator.comparing(String::length))
            .thenComparing(Comparator.reverseOrder());

    private ListOrder() {}

    private static String decomposed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD);
    }

    private static String plain(String name) {
        return decomposed(name).replaceAll("\\p{M}", "");
    }

    private static int compare(String one, String other) {
        int common = Math.min(one.length(), other.length());
        for (int i = 0; i < common; i++) {
            int order = weight(one.charAt(i)) - weight(other.charAt(i));
            if (order != 0) {
                return order;
            }
        }
        return one.length() - other.length();
    }

    private static int weight(char c) {
        int place = CHARACTERS.indexOf(c);
        return place < 0 ? CHARACTERS.length() + Character.toLowerCase(c) : place;
    }
}
