package org.ocpu.app.rexp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ocpu.app.rdata.Attribute;
import org.ocpu.app.rdata.Attributes;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RNull;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RSymbol;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RVector;

/**
 * Attributes for a vector, as R's {@code attr<-} takes them: NULL removes one, row names get their short form, and names,
 * dimensions and factors that do not fit the vector are refused, because R's own code relies on them.
 */
final class RexpAttributes {
    private final RVector vector;
    private final Map<String, RValue> values = new LinkedHashMap<>();

    RexpAttributes(RVector vector) {
        this.vector = vector;
    }

    void add(String name, RValue value) {
        if (value == RNull.INSTANCE) {
            values.remove(name);
        } else {
            values.put(name, checked(name, value));
        }
    }

    /** The vector with these attributes. */
    RVector attached() {
        if (values.isEmpty()) {
            return vector;
        }
        if (values.containsKey("dimnames")) {
            checkDimnames(values.get("dimnames"), values.get("dim"));
        }
        List<Attribute> list = new ArrayList<>();
        values.forEach((name, value) -> list.add(new Attribute(new RSymbol(name), value)));
        return vector.withAttributes(new Attributes(list, 0));
    }

    private RValue checked(String name, RValue value) {
        return switch (name) {
            case "" -> throw new RexpException("an attribute has no name");
            case "names" -> names(value);
            case "dim" -> dim(value);
            case "class" -> classes(value);
            case RowNames.NAME -> RowNames.shortened(value);
            default -> value;
        };
    }

    private RString names(RValue value) {
        if (value instanceof RString names && names.length() == vector.length()) {
            return names;
        }
        throw new RexpException("the names of a vector of length " + vector.length() + " are not as many strings");
    }

    private RInteger dim(RValue value) {
        RInteger dim = integers(value);
        if (dim.length() == 0 || elements(dim.values()) != vector.length()) {
            throw new RexpException("the dimensions of an array do not match its length " + vector.length());
        }
        return dim;
    }

    /** The product, or -1 if it is none of a vector's length. */
    private static long elements(int[] extents) {
        long elements = 1;
        for (int extent : extents) {
            if (extent < 0 || elements > Integer.MAX_VALUE) {
                return -1;
            }
            elements *= extent;
        }
        return elements;
    }

    private static RInteger integers(RValue value) {
        if (value instanceof RDouble doubles) {
            int[] values = new int[doubles.length()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (int) doubles.values()[i];
            }
            return new RInteger(values, doubles.attributes());
        }
        if (value instanceof RInteger integers) {
            return integers;
        }
        throw new RexpException("the dimensions of an array are not numbers");
    }

    private RString classes(RValue value) {
        if (!(value instanceof RString classes)) {
            throw new RexpException("a class is not a string");
        }
        if (Arrays.asList(classes.values()).contains("factor") && !(vector instanceof RInteger)) {
            throw new RexpException("a factor is not of integers");
        }
        return classes;
    }

    private static void checkDimnames(RValue value, RValue dim) {
        if (!(dim instanceof RInteger extents && value instanceof RList names && names.length() == extents.length())) {
            throw new RexpException("the names of dimensions are not one for each dimension");
        }
        for (int i = 0; i < names.length(); i++) {
            RValue some = names.values().get(i);
            if (some != RNull.INSTANCE && !(some instanceof RString s && s.length() == extents.values()[i])) {
                throw new RexpException("the names of a dimension are not as many strings as it has extent");
            }
        }
    }
}
