package org.ocpu.builder;

import java.util.Optional;
import java.util.regex.Pattern;

/** A version as R compares them ({@code ?package_version}): numbers separated by dots or dashes, missing ones come first. */
record RVersion(String text) implements Comparable<RVersion> {
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,18}([.-][0-9]{1,18}){0,20}");

    /** Absent when it is none. */
    static Optional<RVersion> of(String text) {
        return VERSION.matcher(text).matches() ? Optional.of(new RVersion(text)) : Optional.empty();
    }

    /** What R's packages have to be built for: {@code 4.2} of R's version {@code 4.2.2}. */
    static String series(String version) {
        return version.replaceFirst("^([0-9]+[.][0-9]+).*", "$1");
    }

    /** Reads both from left to right and keeps nothing: a plan compares hundred thousands. */
    @Override
    public int compareTo(RVersion other) {
        int here = 0;
        int there = 0;
        while (here < text.length() && there < other.text.length()) {
            int hereEnd = numberEnd(text, here);
            int thereEnd = numberEnd(other.text, there);
            int order = Long.compare(
                    Long.parseLong(text, here, hereEnd, 10), Long.parseLong(other.text, there, thereEnd, 10));
            if (order != 0) {
                return order;
            }
            here = hereEnd + 1;
            there = thereEnd + 1;
        }
        return Boolean.compare(here < text.length(), there < other.text.length());
    }

    private static int numberEnd(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0') { // dot and dash come before the digits
            end++;
        }
        return end;
    }
}
