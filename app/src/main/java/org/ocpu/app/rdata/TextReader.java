package org.ocpu.app.rdata;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads strings, each with its own encoding. */
final class TextReader {
    private final Decoder in;
    private final Charset nativeEncoding;

    TextReader(Decoder in, String nativeEncoding) {
        this.in = in;
        this.nativeEncoding = charset(nativeEncoding);
    }

    private static Charset charset(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new RDataException("unknown encoding: " + name, e);
        }
    }

    RSymbol symbol() {
        Text text = text();
        return new RSymbol(text.value() == null ? Text.of("NA") : text);
    }

    private Text text() {
        Flags flags = new Flags(in.integer());
        if (flags.type() != Sexp.CHARS) {
            throw new RDataException("R data have an item of type " + flags.type() + " in place of a string");
        }
        int length = in.integer();
        return length == -1
                ? Text.NA
                : Text.decode(in.chars(Decoder.nonNegative(length)), flags.levels(), nativeEncoding);
    }

    /** The strings of a vector, without attributes. */
    RString strings() {
        int length = in.length();
        String[] values = {};
        byte[] marks = {};
        for (int i = 0; i < length; i++) {
            if (i == values.length) {
                values = Arrays.copyOf(values, Decoder.room(i, length));
                marks = Arrays.copyOf(marks, values.length);
            }
            Text text = text();
            values[i] = text.value();
            marks[i] = text.mark();
        }
        return new RString(values, marks, Attributes.NONE);
    }

    /** Names of a namespace and the like, which cannot themselves have names in any version so far. */
    List<String> names() {
        if (in.integer() != 0) {
            throw new RDataException("R data name an environment in an unknown way");
        }
        int length = in.length();
        if (length == 0) {
            throw new RDataException("R data have an environment without a name");
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            names.add(String.valueOf(text().value()));
        }
        return names;
    }
}
