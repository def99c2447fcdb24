package org.ocpu.app.rdata;

import java.io.IOException;

/** Writes bytecode, the counterpart of {@link BytecodeReader}. */
final class BytecodeWriter {
    private final RDataWriter writer;
    private final Encoder out;

    BytecodeWriter(RDataWriter writer) {
        this.writer = writer;
        this.out = writer.out();
    }

    void code(Bytecode code) throws IOException {
        writer.item(code.instructions());
        out.integer(code.constants().size());
        for (Bytecode.Constant constant : code.constants()) {
            constant(constant);
        }
    }

    private void constant(Bytecode.Constant constant) throws IOException {
        writer.deeper();
        if (constant instanceof Bytecode.Nested nested) {
            out.integer(Sexp.BYTECODE);
            code(nested.code());
        } else if (constant instanceof Bytecode.Repetition repetition) {
            out.integer(Sexp.REPETITION);
            out.integer(repetition.number());
        } else if (constant instanceof Bytecode.Plain plain) {
            out.integer(plain.type());
            writer.item(plain.value());
        } else if (constant instanceof Bytecode.Chain chain) {
            for (Bytecode.Link link : chain.links()) {
                link(link);
            }
            constant(chain.end());
        }
        writer.shallower();
    }

    private void link(Bytecode.Link link) throws IOException {
        if (link.number().isPresent()) {
            out.integer(Sexp.REPEATED);
            out.integer(link.number().getAsInt());
        }
        out.integer(link.type());
        if (link.attributes().isPresent()) {
            writer.item(link.attributes().get());
        }
        writer.item(link.tag());
        constant(link.value());
    }
}
