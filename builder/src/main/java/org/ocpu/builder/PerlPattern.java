package org.ocpu.builder;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Perl's regular expressions written as Java's, which read brackets in brackets as sets of their own: there, {@code [[:alpha:]]} is
 * the letters of ":alph", and a lone {@code [} an error.
 */
final class PerlPattern {
    private static final Pattern CLASS = Pattern.compile("\\[:(\\^?)([a-z]+):\\]");
    private static final Map<String, String> CLASSES = Map.ofEntries(
            Map.entry("alpha", "Alpha"),
            Map.entry("digit", "Digit"),
            Map.entry("alnum", "Alnum"),
            Map.entry("upper", "Upper"),
            Map.entry("lower", "Lower"),
            Map.entry("punct", "Punct"),
            Map.entry("graph", "Graph"),
            Map.entry("print", "Print"),
            Map.entry("blank", "Blank"),
            Map.entry("cntrl", "Cntrl"),
            Map.entry("xdigit", "XDigit"),
            Map.entry("space", "Space"));

    private PerlPattern() {}

    static String forJava(String perl) {
        StringBuilder java = new StringBuilder();
        int set = -1; // where the content of the set begins that this is in
        for (int i = 0; i < perl.length(); i++) {
            char c = perl.charAt(i);
            Matcher named = CLASS.matcher(perl).region(i, perl.length());
            if (c == '\\' && i + 1 < perl.length()) {
                java.append(c).append(perl.charAt(++i));
            } else if (set < 0) {
                java.append(c);
                if (c == '[') {
                    if (perl.startsWith("^", i + 1)) {
                        java.append(perl.charAt(++i));
                    }
                    set = i + 1;
                }
            } else if (c == ']' && i > set) {
                java.append(c);
                set = -1;
            } else if (named.lookingAt() && CLASSES.containsKey(named.group(2))) {
                java.append(named.group(1).isEmpty() ? "\\p{" : "\\P{")
                        .append(CLASSES.get(named.group(2)))
                        .append('}');
                i = named.end() - 1;
            } else {
                java.append("[]&".indexOf(c) >= 0 ? "\\" : "").append(c);
            }
        }
        return java.toString();
    }
}
