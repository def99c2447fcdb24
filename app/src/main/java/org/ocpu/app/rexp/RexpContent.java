package org.ocpu.app.rexp;

import com.google.protobuf.ByteString;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.ocpu.app.rdata.Attributes;
import org.ocpu.app.rdata.RComplex;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RLogical;
import org.ocpu.app.rdata.RNull;
import org.ocpu.app.rdata.RRaw;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RVector;
import org.ocpu.app.rexp.Rexp.REXP.RClass;

/** The fields of one message as far as they have arrived, in any order. */
final class RexpContent {
    private static final byte[] NO_BYTES = {};

    private final Function<InputStream, RValue> unserialize;
    private Optional<RClass> rclass = Optional.empty();
    private final Doubles reals = new Doubles();
    private final Ints integers = new Ints();
    private final Ints logicals = new Ints();
    private final Doubles complexes = new Doubles();
    private final List<String> strings = new ArrayList<>();
    private final List<RValue> elements = new ArrayList<>();
    private final List<String> attributeNames = new ArrayList<>();
    private final List<RValue> attributeValues = new ArrayList<>();
    private byte[] raws = NO_BYTES;
    private ByteString serialized = ByteString.EMPTY;

    /** Nothing has arrived yet; {@code unserialize} reads what R's {@code serialize()} wrote. */
    RexpContent(Function<InputStream, RValue> unserialize) {
        this.unserialize = unserialize;
    }

    void rclass(int number) {
        rclass = Optional.ofNullable(RClass.forNumber(number));
    }

    Doubles reals() {
        return reals;
    }

    Ints integers() {
        return integers;
    }

    /** 0, 1 or {@link RLogical#NA}. */
    Ints logicals() {
        return logicals;
    }

    /** Real parts, each followed by its imaginary part. */
    Doubles complexes() {
        return complexes;
    }

    /** With null for NA. */
    List<String> strings() {
        return strings;
    }

    List<RValue> elements() {
        return elements;
    }

    List<String> attributeNames() {
        return attributeNames;
    }

    List<RValue> attributeValues() {
        return attributeValues;
    }

    void raws(byte[] bytes) {
        raws = bytes;
    }

    void serialized(ByteString bytes) {
        serialized = bytes;
    }

    /** The value of the message, now that it is complete. */
    RValue value() {
        RClass type = rclass.orElseThrow(() -> new RexpException("a REXP has no class, or an unknown one"));
        return switch (type) {
            case REAL -> with(new RDouble(reals.toArray(), Attributes.NONE));
            case INTEGER -> with(new RInteger(integers.toArray(), Attributes.NONE));
            case LOGICAL -> with(new RLogical(logicals.toArray(), Attributes.NONE));
            case COMPLEX -> with(new RComplex(complexes.toArray(), Attributes.NONE));
            case STRING -> with(new RString(strings.toArray(String[]::new), Attributes.NONE));
            case RAW -> with(new RRaw(raws, Attributes.NONE));
            case LIST -> with(new RList(elements, Attributes.NONE));
            case NULLTYPE -> nothing();
            case NATIVE -> serialized.isEmpty() ? RNull.INSTANCE : unserialize.apply(serialized.newInput());
        };
    }

    private RValue nothing() {
        if (!attributeNames.isEmpty()) {
            throw new RexpException("NULL cannot have attributes");
        }
        return RNull.INSTANCE;
    }

    private RValue with(RVector vector) {
        if (attributeNames.size() != attributeValues.size()) {
            throw new RexpException("a REXP has " + attributeNames.size() + " names of attributes and "
                    + attributeValues.size() + " values");
        }
        RexpAttributes attributes = new RexpAttributes(vector);
        for (int i = 0; i < attributeNames.size(); i++) {
            attributes.add(attributeNames.get(i), attributeValues.get(i));
        }
        return attributes.attached();
    }
}
