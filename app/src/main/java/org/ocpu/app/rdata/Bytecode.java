package org.ocpu.app.rdata;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Instructions and the constants they use.
 *
 * @param instructions an integer vector
 */
public record Bytecode(RValue instructions, List<Constant> constants) {
    public Bytecode {
        constants = List.copyOf(constants);
    }

    /** One constant. */
    public sealed interface Constant permits Nested, Plain, Chain, Repetition {}

    /** Code of a function or promise within the code. */
    public record Nested(Bytecode code) implements Constant {}

    /** Any other value; {@code type} is R's number of it, which precedes it outside of chains. */
    public record Plain(int type, RValue value) implements Constant {}

    /** Cells of a call or pairlist whose {@code end} is what the last points to. */
    public record Chain(List<Link> links, Constant end) implements Constant {
        public Chain {
            links = List.copyOf(links);
        }
    }

    /** A chain that another part of the constants defined under this number. */
    public record Repetition(int number) implements Constant {}

    /**
     * One cell.
     *
     * @param number the number under which others refer to it
     * @param type R's number of calls or of pairlists, in its form with or without attributes
     * @param attributes a pairlist; present if the type says so
     */
    public record Link(OptionalInt number, int type, Optional<RValue> attributes, RValue tag, Constant value) {}
}
