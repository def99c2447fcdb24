package org.ocpu.app.table;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.ocpu.app.rdata.Attributes;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RLogical;
import org.ocpu.app.rdata.RNull;
import org.ocpu.app.rdata.RRaw;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RVector;

/** Reads a list of vectors of one type as a column of lists; NULL among them is null. */
final class ListColumn {
    private static final List<String> TYPE_ATTRIBUTES = List.of("class", "levels", "tzone", "units", "dim");

    private ListColumn() {}

    static Column of(String name, RList list) {
        List<RVector> parts = new ArrayList<>();
        BitSet nulls = new BitSet();
        int[] offsets = new int[list.length() + 1];
        for (int row = 0; row < list.length(); row++) {
            offsets[row + 1] = offsets[row];
            RValue element = list.values().get(row);
            if (element instanceof RNull) {
                nulls.set(row);
            } else {
                RVector part = part(name, element, parts);
                parts.add(part);
                offsets[row + 1] = Math.addExact(offsets[row], part.length());
            }
        }
        Column items = VectorColumn.of(name, joined(parts)).named("item");
        return new Column(name, new ArrowType.List(), new Values.Lists(offsets, nulls, items));
    }

    private static RVector part(String name, RValue element, List<RVector> before) {
        if (!(element instanceof RVector vector) || element instanceof RList) {
            throw new NotTabularException(
                    "Column '" + name + "' is a list with " + Description.of(element) + "; it may only have vectors.");
        }
        if (!before.isEmpty() && !isSameType(before.get(0), vector)) {
            throw new NotTabularException("Column '" + name + "' is a list of several types, among them "
                    + Description.of(before.get(0)) + " and " + Description.of(element) + ".");
        }
        return vector;
    }

    private static boolean isSameType(RVector one, RVector other) {
        return one.getClass() == other.getClass()
                && TYPE_ATTRIBUTES.stream().allMatch(name -> one.attributes()
                        .get(name)
                        .equals(other.attributes().get(name)));
    }

    /** All elements in one vector; of no vectors an empty logical one, which is R's type of the unknown. */
    private static RVector joined(List<RVector> parts) {
        if (parts.isEmpty()) {
            return RLogical.of();
        }
        RVector first = parts.get(0);
        Attributes kept = first.attributes();
        int length = parts.stream().mapToInt(RVector::length).sum();
        if (first instanceof RLogical) {
            return new RLogical(joined(parts, part -> ((RLogical) part).values(), new int[length]), kept);
        } else if (first instanceof RInteger) {
            return new RInteger(joined(parts, part -> ((RInteger) part).values(), new int[length]), kept);
        } else if (first instanceof RDouble) {
            return new RDouble(joined(parts, part -> ((RDouble) part).values(), new double[length]), kept);
        } else if (first instanceof RString) {
            return new RString(joined(parts, part -> ((RString) part).values(), new String[length]), kept);
        } else if (first instanceof RRaw) {
            return new RRaw(joined(parts, part -> ((RRaw) part).values(), new byte[length]), kept);
        }
        return first; // of a type without columns, which is for the caller to find
    }

    /** Copies the arrays of {@code parts}, of {@code A}'s type, into {@code target}. */
    private static <A> A joined(List<RVector> parts, Function<RVector, A> values, A target) {
        int end = 0;
        for (RVector part : parts) {
            System.arraycopy(values.apply(part), 0, target, end, part.length());
            end += part.length();
        }
        return target;
    }
}
