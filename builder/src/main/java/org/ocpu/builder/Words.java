package org.ocpu.builder;

import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Sizes and times for people: in logs and mails, on pages and in terminals. */
public final class Words {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String[] UNITS = {"bytes", "KB", "MB", "GB", "TB"};

    private Words() {}

    /** A number of bytes: {@code 9.8 GB}; units are 1024 of the one before, as in the settings. */
    public static String size(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= 1023.95 && unit < UNITS.length - 1) { // what would be shown as 1024
            size /= 1024;
            unit++;
        }
        DecimalFormat format = new DecimalFormat("0.#", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setRoundingMode(RoundingMode.HALF_UP);
        return format.format(size) + " " + UNITS[unit];
    }

    /** When something was: {@code 2024-01-31 12:00 UTC}. */
    public static String moment(Instant instant) {
        return MOMENT.format(instant);
    }

    /** How long something took: {@code 1.5 s}, {@code 1 min 15 s}, {@code 2 h 5 min}. */
    public static String time(Duration time) {
        if (time.compareTo(Duration.ofMinutes(1)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        return time.toHours() == 0
                ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart())
                : "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
    }
}
