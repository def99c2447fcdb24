package org.ocpu.app.rdata;

import java.util.List;
import java.util.Objects;

/**
 * What {@code ...} is bound to in the environment of a call: promises.
 *
 * @param cells at least one
 * @param tail what the last cell points to: {@link RNull} in all but internal structures
 */
public record RDots(List<Cell> cells, RValue tail) implements RValue {
    public RDots {
        Objects.requireNonNull(tail, "tail");
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("without a cell it is NULL");
        }
    }

    public RDots(List<Cell> cells) {
        this(cells, RNull.INSTANCE);
    }

    @Override
    public Attributes attributes() {
        return cells.get(0).attributes();
    }
}
