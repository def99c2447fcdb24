package org.ocpu.app.rdata;

import java.io.IOException;
import java.util.List;

/** Writes strings, each in the encoding it was read in. */
final class TextWriter {
    private final Encoder out;

    TextWriter(Encoder out) {
        this.out = out;
    }

    void strings(RString strings) throws IOException {
        for (int i = 0; i < strings.length(); i++) {
            text(strings.text(i));
        }
    }

    void text(Text text) throws IOException {
        out.integer(Flags.ofText(text.levels()).bits());
        if (text.value() == null) {
            out.integer(-1);
        } else {
            byte[] bytes = text.encode();
            out.integer(bytes.length);
            out.bytes(bytes);
        }
    }

    void names(int type, List<String> names) throws IOException {
        out.integer(type);
        out.integer(0);
        out.integer(names.size());
        for (String name : names) {
            text(Text.of(name));
        }
    }
}
