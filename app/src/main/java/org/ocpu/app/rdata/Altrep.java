package org.ocpu.app.rdata;

import java.util.Arrays;

/** Makes plain vectors of R's alternative representations ("ALTREP"), as far as they are its own. */
final class Altrep {
    private Altrep() {}

    /**
     * Expands a vector.
     *
     * @param type a pairlist of the symbols of a class and its package, and a type number
     * @param state what the class keeps of the vector
     * @param in is charged for memory that the vector takes
     */
    static RVector expand(RValue type, RValue state, Decoder in) {
        String name = className(type);
        return switch (name) {
            case "compact_intseq" -> integers(numbers(state, name), in);
            case "compact_realseq" -> reals(numbers(state, name), in);
            case "deferred_string" -> strings(first(state, name), in);
            case "wrap_integer", "wrap_logical", "wrap_real", "wrap_complex", "wrap_raw", "wrap_string", "wrap_list" ->
                first(state, name);
            default -> throw new RDataException("R data have a vector of a kind that cannot be read: " + name);
        };
    }

    private static String className(RValue type) {
        if (type instanceof RPairlist list
                && list.cells().get(0).value() instanceof RSymbol name
                && list.cells().size() > 1
                && list.cells().get(1).value() instanceof RSymbol owner
                && owner.name().equals("base")) {
            return name.name();
        }
        throw new RDataException("R data have a vector of a kind that R alone does not know");
    }

    private static RVector first(RValue state, String name) {
        if (state instanceof RPairlist list && list.cells().get(0).value() instanceof RVector vector) {
            return vector;
        }
        if (state instanceof RList list
                && !list.values().isEmpty()
                && list.values().get(0) instanceof RVector vector) {
            return vector;
        }
        throw new RDataException("R data have a malformed " + name);
    }

    /** Length, first value and step of a sequence. */
    private static double[] numbers(RValue state, String name) {
        if (state instanceof RDouble numbers
                && numbers.length() == 3
                && numbers.values()[0] >= 0
                && numbers.values()[0] <= Integer.MAX_VALUE) {
            return numbers.values();
        }
        throw new RDataException("R data have a malformed " + name);
    }

    private static RInteger integers(double[] sequence, Decoder in) {
        in.spend(((long) sequence[0]) * Integer.BYTES);
        int[] values = new int[(int) sequence[0]];
        Arrays.setAll(values, i -> (int) (sequence[1] + i * sequence[2]));
        return RInteger.of(values);
    }

    private static RDouble reals(double[] sequence, Decoder in) {
        in.spend(((long) sequence[0]) * Double.BYTES);
        double[] values = new double[(int) sequence[0]];
        Arrays.setAll(values, i -> sequence[1] + i * sequence[2]);
        return RDouble.of(values);
    }

    private static RString strings(RVector numbers, Decoder in) {
        in.spend(numbers.length() * 64L);
        String[] values = new String[numbers.length()];
        if (numbers instanceof RInteger integers) {
            Arrays.setAll(values, i -> NumberText.of(integers.values()[i]));
        } else if (numbers instanceof RDouble doubles) {
            Arrays.setAll(values, i -> NumberText.of(doubles.values()[i]));
        } else {
            throw new RDataException("R data have a deferred_string of neither integers nor doubles");
        }
        return new RString(values, Attributes.NONE);
    }
}
