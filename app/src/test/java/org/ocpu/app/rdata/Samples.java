package org.ocpu.app.rdata;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A value with one of everything that can be serialized, and ways to and from bytes. */
final class Samples {
    private Samples() {}

    static RList everything() {
        RSymbol x = new RSymbol("x");
        RValue formula = new RLanguage(List.of(
                new Cell(Optional.empty(), new RSymbol("~"), Attributes.of("class", RString.of("formula"))),
                Cell.of(x)));
        RLocalEnvironment environment = new RLocalEnvironment(
                RBaseEnvironment.GLOBAL,
                Map.of("p", new RPromise(RBaseEnvironment.BASE, RMarker.UNBOUND_VALUE, x, Attributes.NONE)));
        RValue closure = new RClosure(
                environment,
                new RPairlist(List.of(Cell.of("x", RMarker.MISSING_ARGUMENT))),
                bytecode(),
                Attributes.NONE);
        RExternalPointer pointer = new RExternalPointer();
        pointer.fill(RNull.INSTANCE, x, Attributes.of("class", RString.of("handle")));
        return new RList(
                List.of(
                        RNull.INSTANCE,
                        RLogical.of(1, 0, RLogical.NA),
                        new RInteger(new int[] {1, RInteger.NA}, Attributes.of("class", RString.of("thing"))),
                        RDouble.of(1.5, RDouble.NA, Double.NaN, -0.0),
                        new RComplex(new double[] {1, -1}, Attributes.NONE),
                        RString.of("a", null, "größer", ""),
                        new RRaw(new byte[] {0, -1}, Attributes.NONE),
                        new RExpression(List.of(x, formula), Attributes.NONE),
                        closure,
                        environment,
                        new RDots(List.of(Cell.of("a", x), Cell.of(RNull.INSTANCE))),
                        new RBuiltin("sum", false, Attributes.NONE),
                        new RBuiltin("quote", true, Attributes.NONE),
                        new RNamespace(List.of("stats", "4.2.2")),
                        new RPackageEnvironment(List.of("package:stats")),
                        new RPersistent(List.of("key")),
                        new RS4(new Attributes(
                                Attributes.of("class", RString.of("P")).list(), Attributes.S4)),
                        pointer,
                        pointer,
                        new RWeakReference()),
                Attributes.NONE);
    }

    private static RBytecode bytecode() {
        Bytecode.Constant value = new Bytecode.Plain(0, new RSymbol("x"));
        Bytecode.Link link =
                new Bytecode.Link(OptionalInt.of(0), Sexp.LANGUAGE, Optional.empty(), RNull.INSTANCE, value);
        Bytecode.Link noted = new Bytecode.Link(
                OptionalInt.empty(),
                Sexp.LANGUAGE_WITH_ATTRIBUTES,
                Optional.of(new RPairlist(List.of(Cell.of("note", RInteger.of(1))))),
                RNull.INSTANCE,
                new Bytecode.Repetition(0));
        Bytecode.Constant end = new Bytecode.Plain(0, RNull.INSTANCE);
        Bytecode inner = new Bytecode(RInteger.of(12), List.of(new Bytecode.Chain(List.of(noted), end)));
        return new RBytecode(
                2,
                new Bytecode(
                        RInteger.of(12, 16),
                        List.of(
                                new Bytecode.Chain(List.of(link), end),
                                new Bytecode.Plain(Sexp.INTEGER, RInteger.of(1)),
                                new Bytecode.Nested(inner))),
                Attributes.NONE);
    }

    static byte[] bytes(RValue value) {
        return RDataWriter.bytes(value, RDataHeader.VERSION_3);
    }

    static RValue read(byte[] bytes) {
        return new RDataReader(new ByteArrayInputStream(bytes), 1 << 20).read();
    }

    static RValue nested(int depth) {
        RValue value = RNull.INSTANCE;
        for (int i = 0; i < depth; i++) {
            value = new RList(List.of(value), Attributes.NONE);
        }
        return value;
    }
}
