package org.ocpu.app.rdata;

import java.util.List;
import java.util.Objects;

/**
 * A pairlist: arguments, formals, the bindings of an environment. An empty one is {@link RNull}.
 *
 * @param cells at least one
 * @param tail what the last cell points to: {@link RNull} in all but internal structures
 */
public record RPairlist(List<Cell> cells, RValue tail) implements RValue {
    public RPairlist {
        Objects.requireNonNull(tail, "tail");
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("without a cell it is NULL");
        }
    }

    public RPairlist(List<Cell> cells) {
        this(cells, RNull.INSTANCE);
    }

    @Override
    public Attributes attributes() {
        return cells.get(0).attributes();
    }
}
