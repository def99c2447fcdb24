package org.ocpu.app.table;

import java.util.Arrays;
import java.util.Map;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RValue;

/**
 * Reads R's dates, date-times and durations as a column.
 *
 * <p>Types are those of R's arrow, with two differences: date-times are rounded to the next microsecond, where that cuts them off
 * and so may miss a text's value by one, and durations and times of day that have fractions of a second keep them, in
 * microseconds.
 */
final class TimeColumn {
    private static final double MICROS = 1e6;
    private static final double DAY_SECONDS = 86400;
    private static final Map<String, Double> UNIT_SECONDS =
            Map.of("secs", 1.0, "mins", 60.0, "hours", 3600.0, "days", DAY_SECONDS, "weeks", 7 * DAY_SECONDS);

    private TimeColumn() {}

    static boolean isTime(RValue value) {
        return (value instanceof RDouble || value instanceof RInteger)
                && (Attributed.inherits(value, "Date")
                        || Attributed.inherits(value, "POSIXct")
                        || Attributed.inherits(value, "difftime"));
    }

    static Column of(String name, RValue value) {
        double[] numbers = numbers(value);
        if (Attributed.inherits(value, "Date")) {
            Values days = Values.Numbers.of(numbers, day -> (int) Math.floor(day));
            return new Column(name, new ArrowType.Date(DateUnit.DAY), days);
        } else if (Attributed.inherits(value, "POSIXct")) {
            return new Column(name, new ArrowType.Timestamp(TimeUnit.MICROSECOND, zone(value)), micros(numbers));
        }
        return duration(name, value, seconds(name, value, numbers));
    }

    private static double[] numbers(RValue value) {
        return value instanceof RDouble doubles
                ? doubles.values()
                : Arrays.stream(((RInteger) value).values())
                        .mapToDouble(n -> n == RInteger.NA ? RDouble.NA : n)
                        .toArray();
    }

    /** R's arrow takes the session's time zone, which in workers is UTC, where there is no attribute, and none where it is empty. */
    private static String zone(RValue value) {
        String zone = Attributed.string(value, "tzone").orElse("UTC");
        return zone.isEmpty() ? null : zone;
    }

    private static double[] seconds(String name, RValue value, double[] numbers) {
        String unit = Attributed.string(value, "units").orElse("");
        if (!UNIT_SECONDS.containsKey(unit)) {
            throw new NotTabularException(
                    "Column '" + name + "' is a difftime in '" + unit + "', which is no unit of R.");
        }
        double seconds = UNIT_SECONDS.get(unit);
        return seconds == 1
                ? numbers
                : Arrays.stream(numbers).map(number -> number * seconds).toArray();
    }

    private static Column duration(String name, RValue value, double[] seconds) {
        boolean whole = Arrays.stream(seconds).filter(Double::isFinite).allMatch(s -> s == Math.rint(s));
        TimeUnit unit = whole ? TimeUnit.SECOND : TimeUnit.MICROSECOND;
        Values values = whole ? Values.Numbers.of(seconds, s -> (long) s) : micros(seconds);
        boolean daytime =
                Attributed.inherits(value, "hms") && Arrays.stream(seconds).allMatch(TimeColumn::isInDay);
        ArrowType type = daytime ? new ArrowType.Time(unit, whole ? 32 : 64) : new ArrowType.Duration(unit);
        return new Column(name, type, values);
    }

    /** Arrow's and Parquet's times of day cannot be others, while R's can. */
    private static boolean isInDay(double seconds) {
        return !Double.isFinite(seconds) || (seconds >= 0 && seconds < DAY_SECONDS);
    }

    private static Values micros(double[] seconds) {
        return Values.Numbers.of(seconds, s -> Math.round(s * MICROS));
    }
}
