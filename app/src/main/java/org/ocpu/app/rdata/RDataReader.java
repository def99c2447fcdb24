package org.ocpu.app.rdata;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Reads a value that R serialized: XDR, little-endian binary or ASCII, version 2 or 3, gzip-compressed or not.
 *
 * <p>The data may be hostile. Whatever is wrong with them, and an error of the stream, is an {@link RDataException}; they
 * cannot take more memory than a small multiple of the limit given, nor nest deeper than {@link #MAX_DEPTH}. R's compact
 * representations of sequences and the like become plain vectors, except within code, environments and the like, which are kept as
 * they are. The stream is read ahead of what is used of it.
 */
public final class RDataReader {
    /** How deep values may nest; as deep as a thread's usual stack allows with room to spare. */
    public static final int MAX_DEPTH = 500;

    /** The limit, in uncompressed bytes, for who does not give one. */
    public static final long DEFAULT_LIMIT = 1L << 31;

    private final Decoder in;
    private final RDataHeader header;
    private final TextReader text;
    private final List<RValue> references = new ArrayList<>();
    private int depth;
    private int opaque;

    public RDataReader(InputStream stream, long limit) {
        this.in = Decoder.open(stream, limit);
        this.header = RDataHeader.read(in);
        this.text = new TextReader(in, header.nativeEncoding());
    }

    public static RValue read(InputStream stream) {
        return new RDataReader(stream, DEFAULT_LIMIT).read();
    }

    public RDataHeader header() {
        return header;
    }

    /** How much of the limit is used. */
    public long spent() {
        return in.spent();
    }

    /** The value; to be called once. */
    public RValue read() {
        return item();
    }

    Decoder in() {
        return in;
    }

    RValue item() {
        return item(new Flags(in.integer()));
    }

    private RValue item(Flags flags) {
        deeper();
        RValue value =
                switch (flags.type()) {
                    case Sexp.REFERENCE -> reference(flags);
                    case Sexp.SYMBOL -> remember(text.symbol());
                    case Sexp.NAMESPACE -> remember(new RNamespace(text.names()));
                    case Sexp.PACKAGE -> remember(new RPackageEnvironment(text.names()));
                    case Sexp.PERSISTENT -> remember(new RPersistent(text.names()));
                    case Sexp.ALTREP -> altrep(flags);
                    case Sexp.ENVIRONMENT,
                            Sexp.PAIRLIST,
                            Sexp.LANGUAGE,
                            Sexp.DOTS,
                            Sexp.CLOSURE,
                            Sexp.PROMISE,
                            Sexp.EXPRESSION,
                            Sexp.S4,
                            Sexp.BYTECODE,
                            Sexp.EXTERNAL_POINTER -> opaque(flags);
                    default -> constant(flags).orElseGet(() -> vector(flags));
                };
        shallower();
        return value;
    }

    /** What is no data, so that nobody looks at the vectors in it. */
    private RValue opaque(Flags flags) {
        opaque++;
        RValue value =
                switch (flags.type()) {
                    case Sexp.ENVIRONMENT -> environment();
                    case Sexp.PAIRLIST -> cells(flags, RPairlist::new);
                    case Sexp.LANGUAGE -> cells(flags, RLanguage::new);
                    case Sexp.DOTS -> cells(flags, RDots::new);
                    case Sexp.CLOSURE -> closure(flags);
                    case Sexp.PROMISE -> promise(flags);
                    case Sexp.EXPRESSION -> new RExpression(items(), attributes(flags));
                    case Sexp.S4 -> new RS4(attributes(flags));
                    case Sexp.BYTECODE -> bytecode(flags);
                    default -> externalPointer(flags);
                };
        opaque--;
        return value;
    }

    void deeper() {
        if (++depth > MAX_DEPTH) {
            throw new RDataException("R data nest deeper than " + MAX_DEPTH);
        }
    }

    void shallower() {
        depth--;
    }

    private static Optional<RValue> constant(Flags flags) {
        return Optional.ofNullable(
                switch (flags.type()) {
                    case Sexp.NULL, Sexp.NULL_VALUE -> RNull.INSTANCE;
                    case Sexp.GLOBAL_ENVIRONMENT -> RBaseEnvironment.GLOBAL;
                    case Sexp.BASE_ENVIRONMENT -> RBaseEnvironment.BASE;
                    case Sexp.BASE_NAMESPACE -> RBaseEnvironment.BASE_NAMESPACE;
                    case Sexp.EMPTY_ENVIRONMENT -> RBaseEnvironment.EMPTY;
                    case Sexp.MISSING_ARGUMENT -> RMarker.MISSING_ARGUMENT;
                    case Sexp.UNBOUND_VALUE -> RMarker.UNBOUND_VALUE;
                    default -> null;
                });
    }

    /** Those whose attributes come after their content. */
    private RValue vector(Flags flags) {
        return switch (flags.type()) {
            case Sexp.LOGICAL -> new RLogical(in.integers(in.length()), attributes(flags));
            case Sexp.INTEGER -> new RInteger(in.integers(in.length()), attributes(flags));
            case Sexp.DOUBLE -> new RDouble(in.reals(in.length()), attributes(flags));
            case Sexp.COMPLEX -> new RComplex(in.reals(twice(in.length())), attributes(flags));
            case Sexp.STRING -> text.strings().withAttributes(attributes(flags));
            case Sexp.RAW -> new RRaw(in.bytes(in.length()), attributes(flags));
            case Sexp.LIST -> new RList(items(), attributes(flags));
            case Sexp.SPECIAL, Sexp.BUILTIN -> builtin(flags);
            case Sexp.WEAK_REFERENCE -> weakReference(flags);
            default -> throw new RDataException("R data have an item of unknown type " + flags.type());
        };
    }

    private RValue reference(Flags flags) {
        int number = flags.reference() == 0 ? in.integer() : flags.reference();
        if (number < 1 || number > references.size()) {
            throw new RDataException("R data refer to item " + number + " of " + references.size());
        }
        return references.get(number - 1);
    }

    private <T extends RValue> T remember(T value) {
        references.add(value);
        return value;
    }

    private static int twice(int length) {
        if (length > Integer.MAX_VALUE / 2) {
            throw new RDataException("R data have a vector of 2^30 complex numbers or more");
        }
        return 2 * length;
    }

    private List<RValue> items() {
        int length = in.length();
        List<RValue> items = new ArrayList<>(Decoder.room(0, length));
        for (int i = 0; i < length; i++) {
            items.add(item());
        }
        return items;
    }

    private RLocalEnvironment environment() {
        RLocalEnvironment environment = remember(new RLocalEnvironment(in.integer() != 0));
        RValue enclosure = item();
        RValue frame = item();
        RValue hashTable = item();
        environment.fill(enclosure, frame, hashTable, attributes(item(), 0));
        return environment;
    }

    private RValue cells(Flags first, BiFunction<List<Cell>, RValue, RValue> list) {
        int rest = first.type() == Sexp.DOTS ? Sexp.DOTS : Sexp.PAIRLIST;
        List<Cell> cells = new ArrayList<>();
        Flags flags = first;
        do {
            cells.add(cell(flags));
            flags = new Flags(in.integer());
        } while (flags.type() == rest);
        return list.apply(cells, item(flags));
    }

    private Cell cell(Flags flags) {
        Attributes attributes = attributes(flags);
        return new Cell(tag(flags), item(), attributes);
    }

    private Optional<RSymbol> tag(Flags flags) {
        if (!flags.hasTag()) {
            return Optional.empty();
        }
        if (item() instanceof RSymbol symbol) {
            return Optional.of(symbol);
        }
        throw new RDataException("R data have a tag that is not a symbol");
    }

    private RValue environmentTag(Flags flags) {
        return flags.hasTag() ? item() : RNull.INSTANCE;
    }

    private RClosure closure(Flags flags) {
        Attributes attributes = attributes(flags);
        return new RClosure(environmentTag(flags), item(), item(), attributes);
    }

    private RPromise promise(Flags flags) {
        Attributes attributes = attributes(flags);
        return new RPromise(environmentTag(flags), item(), item(), attributes);
    }

    private RValue builtin(Flags flags) {
        String name = new String(in.chars(in.length()), StandardCharsets.UTF_8);
        return new RBuiltin(name, flags.type() == Sexp.SPECIAL, attributes(flags));
    }

    private RValue bytecode(Flags flags) {
        int repetitions = in.integer();
        return new RBytecode(repetitions, new BytecodeReader(this).code(), attributes(flags));
    }

    private RValue externalPointer(Flags flags) {
        RExternalPointer pointer = remember(new RExternalPointer());
        RValue kept = item();
        RValue tag = item();
        pointer.fill(kept, tag, attributes(flags));
        return pointer;
    }

    private RValue weakReference(Flags flags) {
        RWeakReference reference = remember(new RWeakReference());
        reference.fill(attributes(flags));
        return reference;
    }

    private RValue altrep(Flags flags) {
        RValue type = item();
        RValue state = pairs();
        Attributes attributes = attributes(pairs(), flags.levels());
        if (opaque > 0) {
            return new RAltrep(type, state, attributes);
        }
        return Altrep.expand(type, state, in).withAttributes(attributes);
    }

    private Attributes attributes(Flags flags) {
        return flags.hasAttributes() ? attributes(pairs(), flags.levels()) : attributes(RNull.INSTANCE, flags.levels());
    }

    /** An item; what a pairlist holds is as much data as what it belongs to. */
    private RValue pairs() {
        Flags flags = new Flags(in.integer());
        if (flags.type() != Sexp.PAIRLIST) {
            return item(flags);
        }
        deeper();
        RValue list = cells(flags, RPairlist::new);
        shallower();
        return list;
    }

    private static Attributes attributes(RValue list, int levels) {
        if (list == RNull.INSTANCE) {
            return levels == 0 ? Attributes.NONE : new Attributes(List.of(), levels);
        }
        if (list instanceof RPairlist pairlist && pairlist.tail() == RNull.INSTANCE) {
            return new Attributes(
                    pairlist.cells().stream().map(RDataReader::attribute).toList(), levels);
        }
        throw new RDataException("R data have attributes that are not a pairlist");
    }

    private static Attribute attribute(Cell cell) {
        return new Attribute(
                cell.tag().orElseThrow(() -> new RDataException("R data have an attribute without a name")),
                cell.value());
    }
}
