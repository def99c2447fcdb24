package org.ocpu.builder;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** A version as R compares them ({@code ?package_version}): numbers separated by dots or dashes, missing ones come first. */
record RVersion(String text) implements Comparable<RVersion> {
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,18}([.-][0-9]{1,18}){0,20}");

    /** Absent when it is none. */
    static Optional<RVersion> of(String text) {
        return VERSION.matcher(text).matches() ? Optional.of(new RVersion(text)) : Optional.empty();
    }

    @Override
    public int compareTo(RVersion other) {
        return Arrays.compare(numbers(), other.numbers());
    }

    private long[] numbers() {
        return Arrays.stream(text.split("[.-]")).mapToLong(Long::parseLong).toArray();
    }
}
