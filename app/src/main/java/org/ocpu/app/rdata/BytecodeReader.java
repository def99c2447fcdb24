package org.ocpu.app.rdata;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads bytecode, whose constants are not items like all others: parts of calls may occur more than once. */
final class BytecodeReader {
    private final RDataReader reader;
    private final Decoder in;

    BytecodeReader(RDataReader reader) {
        this.reader = reader;
        this.in = reader.in();
    }

    Bytecode code() {
        RValue instructions = reader.item();
        int count = in.integer();
        List<Bytecode.Constant> constants = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            constants.add(constant(in.integer()));
        }
        return new Bytecode(instructions, constants);
    }

    private Bytecode.Constant constant(int type) {
        reader.deeper();
        Bytecode.Constant constant =
                switch (type) {
                    case Sexp.BYTECODE -> new Bytecode.Nested(code());
                    case Sexp.REPETITION -> new Bytecode.Repetition(in.integer());
                    default -> isCell(type) ? chain(type) : new Bytecode.Plain(type, reader.item());
                };
        reader.shallower();
        return constant;
    }

    private static boolean isCell(int type) {
        return switch (type) {
            case Sexp.LANGUAGE,
                    Sexp.PAIRLIST,
                    Sexp.LANGUAGE_WITH_ATTRIBUTES,
                    Sexp.PAIRLIST_WITH_ATTRIBUTES,
                    Sexp.REPEATED -> true;
            default -> false;
        };
    }

    private Bytecode.Chain chain(int first) {
        List<Bytecode.Link> links = new ArrayList<>();
        int type = first;
        do {
            links.add(link(type));
            type = in.integer();
        } while (isCell(type));
        return new Bytecode.Chain(links, constant(type));
    }

    private Bytecode.Link link(int marked) {
        boolean repeated = marked == Sexp.REPEATED;
        OptionalInt number = repeated ? OptionalInt.of(in.integer()) : OptionalInt.empty();
        int type = repeated ? in.integer() : marked;
        Optional<RValue> attributes = type == Sexp.LANGUAGE_WITH_ATTRIBUTES || type == Sexp.PAIRLIST_WITH_ATTRIBUTES
                ? Optional.of(reader.item())
                : Optional.empty();
        return new Bytecode.Link(number, type, attributes, reader.item(), constant(in.integer()));
    }
}
