package org.ocpu.app.rdata;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An environment that R serializes with all it holds. It is equal only to itself, and may (indirectly) hold itself.
 *
 * <p>Bindings are kept as R stores them, in a pairlist or in a hash table of pairlists, to be written back the same.
 */
public final class RLocalEnvironment implements REnvironment, RShared {
    private final boolean locked;
    private RValue enclosure = RBaseEnvironment.EMPTY;
    private RValue frame = RNull.INSTANCE;
    private RValue hashTable = RNull.INSTANCE;
    private Attributes attributes = Attributes.NONE;

    /** One whose content follows: what it holds may refer to it. */
    RLocalEnvironment(boolean locked) {
        this.locked = locked;
    }

    public RLocalEnvironment(REnvironment enclosure, Map<String, RValue> bindings) {
        this.locked = false;
        this.enclosure = Objects.requireNonNull(enclosure, "enclosure");
        List<Cell> cells = bindings.entrySet().stream()
                .map(binding -> Cell.of(binding.getKey(), binding.getValue()))
                .toList();
        this.frame = cells.isEmpty() ? RNull.INSTANCE : new RPairlist(cells);
    }

    void fill(RValue itsEnclosure, RValue itsFrame, RValue itsHashTable, Attributes itsAttributes) {
        this.enclosure = itsEnclosure;
        this.frame = itsFrame;
        this.hashTable = itsHashTable;
        this.attributes = itsAttributes;
    }

    /** Whether bindings can neither be added nor removed. */
    public boolean locked() {
        return locked;
    }

    /** The environment where names that are not bound here are looked up. */
    public RValue enclosure() {
        return enclosure;
    }

    RValue frame() {
        return frame;
    }

    RValue hashTable() {
        return hashTable;
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    /** The values by name, in no particular order; arguments of calls are promises. */
    public Map<String, RValue> bindings() {
        Map<String, RValue> bindings = new LinkedHashMap<>();
        addBindings(frame, bindings);
        if (hashTable instanceof RList chains) {
            chains.values().forEach(chain -> addBindings(chain, bindings));
        }
        return bindings;
    }

    private static void addBindings(RValue chain, Map<String, RValue> bindings) {
        if (chain instanceof RPairlist list) {
            list.cells()
                    .forEach(cell -> cell.tag().ifPresent(symbol -> bindings.putIfAbsent(symbol.name(), cell.value())));
        }
    }
}
