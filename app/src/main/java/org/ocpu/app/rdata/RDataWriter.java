package org.ocpu.app.rdata;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a value as R's {@code serialize()} does, in binary XDR.
 *
 * <p>What {@link RDataReader} read of R's own output is written back byte for byte, unless R had written data in a compact
 * representation (of {@code 1:10}, for one): that becomes the plain vector it stands for.
 */
public final class RDataWriter {
    private final Encoder out;
    private final TextWriter text;
    private final Map<RShared, Integer> references = new HashMap<>();
    private int depth;

    private RDataWriter(Encoder out) {
        this.out = out;
        this.text = new TextWriter(out);
    }

    /** Writes version 3 of the format, which R 3.5.0 and newer read. */
    public static void write(RValue value, OutputStream stream) throws IOException {
        write(value, RDataHeader.VERSION_3, stream);
    }

    /**
     * Writes and flushes, but does not close, the stream.
     *
     * @param header has the version; strings are always written as UTF-8
     */
    public static void write(RValue value, RDataHeader header, OutputStream stream) throws IOException {
        Encoder encoder = new Encoder(stream);
        header.write(encoder);
        new RDataWriter(encoder).item(value);
        encoder.flush();
        stream.flush();
    }

    public static byte[] bytes(RValue value, RDataHeader header) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(value, header, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    Encoder out() {
        return out;
    }

    void item(RValue value) throws IOException {
        deeper();
        if (value instanceof RVector vector) {
            vector(vector);
        } else if (value instanceof RShared shared) {
            shared(shared);
        } else if (value instanceof Enum<?> constant) {
            out.integer(number(constant));
        } else {
            other(value);
        }
        shallower();
    }

    void deeper() {
        if (++depth > RDataReader.MAX_DEPTH) {
            throw new RDataException("an R value nests deeper than " + RDataReader.MAX_DEPTH);
        }
    }

    void shallower() {
        depth--;
    }

    private void vector(RVector vector) throws IOException {
        if (vector instanceof RLogical logicals) {
            begin(Sexp.LOGICAL, vector);
            out.integers(logicals.values());
        } else if (vector instanceof RInteger integers) {
            begin(Sexp.INTEGER, vector);
            out.integers(integers.values());
        } else if (vector instanceof RDouble doubles) {
            begin(Sexp.DOUBLE, vector);
            out.reals(doubles.values());
        } else if (vector instanceof RComplex complexes) {
            begin(Sexp.COMPLEX, vector);
            out.reals(complexes.values());
        } else if (vector instanceof RString strings) {
            begin(Sexp.STRING, vector);
            text.strings(strings);
        } else if (vector instanceof RRaw raws) {
            begin(Sexp.RAW, vector);
            out.bytes(raws.values());
        } else if (vector instanceof RList list) {
            begin(Sexp.LIST, vector);
            items(list.values());
        } else if (vector instanceof RExpression expressions) {
            begin(Sexp.EXPRESSION, vector);
            items(expressions.values());
        }
        attributes(vector.attributes());
    }

    private void begin(int type, RVector vector) throws IOException {
        begin(type, vector.attributes());
        out.integer(vector.length());
    }

    private void begin(int type, Attributes attributes) throws IOException {
        out.integer(Flags.of(type, attributes).bits());
    }

    private void items(List<RValue> items) throws IOException {
        for (RValue item : items) {
            item(item);
        }
    }

    private void attributes(Attributes attributes) throws IOException {
        if (attributes.isEmpty()) {
            return;
        }
        deeper();
        for (Attribute attribute : attributes.list()) {
            out.integer(Flags.of(Sexp.PAIRLIST, Attributes.NONE).withTag().bits());
            item(attribute.symbol());
            item(attribute.value());
        }
        shallower();
        out.integer(Sexp.NULL_VALUE);
    }

    private void shared(RShared value) throws IOException {
        Integer number = references.putIfAbsent(value, references.size() + 1);
        if (number != null) {
            reference(number);
        } else if (value instanceof RSymbol symbol) {
            out.integer(Sexp.SYMBOL);
            text.text(symbol.text());
        } else if (value instanceof RLocalEnvironment environment) {
            environment(environment);
        } else if (value instanceof RNamespace namespace) {
            text.names(Sexp.NAMESPACE, namespace.spec());
        } else if (value instanceof RPackageEnvironment attached) {
            text.names(Sexp.PACKAGE, attached.spec());
        } else if (value instanceof RPersistent persistent) {
            text.names(Sexp.PERSISTENT, persistent.names());
        } else if (value instanceof RExternalPointer pointer) {
            externalPointer(pointer);
        } else if (value instanceof RWeakReference reference) {
            begin(Sexp.WEAK_REFERENCE, reference.attributes());
            attributes(reference.attributes());
        }
    }

    private void reference(int number) throws IOException {
        if (number <= Flags.LARGEST_REFERENCE) {
            out.integer(Flags.ofReference(number).bits());
        } else {
            out.integer(Sexp.REFERENCE);
            out.integer(number);
        }
    }

    private void environment(RLocalEnvironment environment) throws IOException {
        out.integer(Sexp.ENVIRONMENT);
        out.integer(environment.locked() ? 1 : 0);
        item(environment.enclosure());
        item(environment.frame());
        item(environment.hashTable());
        attributeList(environment.attributes());
    }

    private void altrep(RAltrep altrep) throws IOException {
        out.integer(Flags.ofAltrep(altrep.attributes()).bits());
        item(altrep.type());
        item(altrep.state());
        attributeList(altrep.attributes());
    }

    /** Where R writes a list even when it is empty. */
    private void attributeList(Attributes attributes) throws IOException {
        if (attributes.isEmpty()) {
            out.integer(Sexp.NULL_VALUE);
        }
        attributes(attributes);
    }

    private void externalPointer(RExternalPointer pointer) throws IOException {
        begin(Sexp.EXTERNAL_POINTER, pointer.attributes());
        item(pointer.kept());
        item(pointer.tag());
        attributes(pointer.attributes());
    }

    private static int number(Enum<?> constant) {
        if (constant instanceof RBaseEnvironment environment) {
            return switch (environment) {
                case GLOBAL -> Sexp.GLOBAL_ENVIRONMENT;
                case BASE -> Sexp.BASE_ENVIRONMENT;
                case BASE_NAMESPACE -> Sexp.BASE_NAMESPACE;
                case EMPTY -> Sexp.EMPTY_ENVIRONMENT;
            };
        }
        if (constant instanceof RMarker marker) {
            return marker == RMarker.MISSING_ARGUMENT ? Sexp.MISSING_ARGUMENT : Sexp.UNBOUND_VALUE;
        }
        return Sexp.NULL_VALUE;
    }

    private void other(RValue value) throws IOException {
        if (value instanceof RPairlist list) {
            cells(Sexp.PAIRLIST, Sexp.PAIRLIST, list.cells(), list.tail());
        } else if (value instanceof RLanguage call) {
            cells(Sexp.LANGUAGE, Sexp.PAIRLIST, call.cells(), call.tail());
        } else if (value instanceof RDots dots) {
            cells(Sexp.DOTS, Sexp.DOTS, dots.cells(), dots.tail());
        } else if (value instanceof RClosure closure) {
            closure(closure);
        } else if (value instanceof RPromise promise) {
            promise(promise);
        } else if (value instanceof RBuiltin builtin) {
            builtin(builtin);
        } else if (value instanceof RBytecode bytecode) {
            bytecode(bytecode);
        } else if (value instanceof RS4 object) {
            begin(Sexp.S4, object.attributes());
            attributes(object.attributes());
        } else if (value instanceof RAltrep altrep) {
            altrep(altrep);
        }
    }

    private void cells(int first, int rest, List<Cell> cells, RValue tail) throws IOException {
        int type = first;
        for (Cell cell : cells) {
            cell(type, cell);
            type = rest;
        }
        item(tail);
    }

    private void cell(int type, Cell cell) throws IOException {
        Flags flags = Flags.of(type, cell.attributes());
        out.integer((cell.tag().isPresent() ? flags.withTag() : flags).bits());
        attributes(cell.attributes());
        if (cell.tag().isPresent()) {
            item(cell.tag().get());
        }
        item(cell.value());
    }

    private void closure(RClosure closure) throws IOException {
        out.integer(Flags.of(Sexp.CLOSURE, closure.attributes()).withTag().bits());
        attributes(closure.attributes());
        item(closure.environment());
        item(closure.formals());
        item(closure.body());
    }

    private void promise(RPromise promise) throws IOException {
        boolean tagged = promise.environment() != RNull.INSTANCE;
        Flags flags = Flags.of(Sexp.PROMISE, promise.attributes());
        out.integer((tagged ? flags.withTag() : flags).bits());
        attributes(promise.attributes());
        if (tagged) {
            item(promise.environment());
        }
        item(promise.value());
        item(promise.expression());
    }

    private void builtin(RBuiltin builtin) throws IOException {
        begin(builtin.special() ? Sexp.SPECIAL : Sexp.BUILTIN, builtin.attributes());
        byte[] name = builtin.name().getBytes(StandardCharsets.UTF_8);
        out.integer(name.length);
        out.bytes(name);
        attributes(builtin.attributes());
    }

    private void bytecode(RBytecode bytecode) throws IOException {
        begin(Sexp.BYTECODE, bytecode.attributes());
        out.integer(bytecode.repetitions());
        new BytecodeWriter(this).code(bytecode.code());
        attributes(bytecode.attributes());
    }
}
