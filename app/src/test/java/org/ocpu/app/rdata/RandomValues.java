package org.ocpu.app.rdata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Values of all types that hold data, the same ones for the same seed. */
public final class RandomValues {
    private static final double[] SPECIAL = {
        RDouble.NA, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0, 1e-310, Double.MAX_VALUE
    };
    private static final String[] WORDS = {
        null, "", "a", "NA", "größer", "日本語", "\ud83d\ude00", "two\nlines\t\\\"", " x "
    };

    private final Random random;

    public RandomValues(long seed) {
        this.random = new Random(seed);
    }

    public List<RValue> next(int count) {
        return Stream.generate(() -> value(3)).limit(count).toList();
    }

    private RValue value(int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            return list(depth);
        }
        return random.nextInt(10) == 0 ? other() : withAttributes(vector(random.nextInt(7)), depth);
    }

    private RVector list(int depth) {
        return withAttributes(
                new RList(
                        Stream.generate(() -> value(depth - 1))
                                .limit(random.nextInt(5))
                                .toList(),
                        Attributes.NONE),
                depth);
    }

    private RValue other() {
        List<Supplier<RValue>> others = List.of(
                () -> RNull.INSTANCE,
                () -> new RSymbol("größe"),
                () -> RBaseEnvironment.GLOBAL,
                () -> new RLanguage(
                        List.of(Cell.of(new RSymbol("f")), Cell.of("x", vector(1)), Cell.of(RMarker.MISSING_ARGUMENT))),
                () -> new RPairlist(List.of(Cell.of("a", vector(2)), Cell.of(RNull.INSTANCE))),
                () -> new RExpression(List.of(new RSymbol("x"), vector(1)), Attributes.NONE),
                () -> new RBuiltin("sum", false, Attributes.NONE),
                () -> new RClosure(
                        RBaseEnvironment.BASE,
                        new RPairlist(List.of(Cell.of("x", RMarker.MISSING_ARGUMENT))),
                        new RSymbol("x"),
                        Attributes.NONE));
        return others.get(random.nextInt(others.size())).get();
    }

    private RVector vector(int length) {
        return switch (random.nextInt(6)) {
            case 0 -> RLogical.of(ints(length, () -> new int[] {0, 1, RLogical.NA}[random.nextInt(3)]));
            case 1 -> RInteger.of(ints(length, () -> random.nextInt(5) == 0 ? RInteger.NA : integer()));
            case 2 -> RDouble.of(doubles(length));
            case 3 -> new RComplex(doubles(2 * length), Attributes.NONE);
            case 4 -> RString.of(strings(length));
            default -> new RRaw(bytes(length), Attributes.NONE);
        };
    }

    private int integer() {
        return random.nextBoolean() ? random.nextInt(100) : Math.max(random.nextInt(), -Integer.MAX_VALUE);
    }

    private static int[] ints(int length, Supplier<Integer> next) {
        return IntStream.range(0, length).map(i -> next.get()).toArray();
    }

    private double[] doubles(int length) {
        double[] values = new double[length];
        Arrays.setAll(
                values, i -> random.nextBoolean() ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextGaussian());
        return values;
    }

    private String[] strings(int length) {
        return Stream.generate(() -> WORDS[random.nextInt(WORDS.length)])
                .limit(length)
                .toArray(String[]::new);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private RVector withAttributes(RVector vector, int depth) {
        Attributes attributes = Attributes.NONE;
        int length = vector.length();
        if (random.nextInt(3) == 0) {
            attributes = attributes.with("names", RString.of(strings(length)));
        }
        if (random.nextInt(4) == 0 && length % 2 == 0) {
            attributes = attributes.with("dim", RInteger.of(2, length / 2));
        }
        if (random.nextInt(5) == 0) {
            attributes = attributes.with("größe", value(depth - 1 < 0 ? 0 : depth - 1));
        }
        if (random.nextInt(5) == 0) {
            attributes = attributes.with("class", RString.of("thing", "größer"));
        }
        return vector.withAttributes(withoutNull(attributes));
    }

    /** R has no attribute whose value is NULL. */
    private static Attributes withoutNull(Attributes attributes) {
        List<Attribute> list = new ArrayList<>(attributes.list());
        list.removeIf(attribute -> attribute.value() == RNull.INSTANCE);
        return new Attributes(list, attributes.levels());
    }
}
