package org.ocpu.app.rdata;

import java.util.List;
import java.util.Objects;

/**
 * A call, its first cell being the function; formulas among them.
 *
 * @param cells at least one
 * @param tail what the last cell points to: {@link RNull} in all but internal structures
 */
public record RLanguage(List<Cell> cells, RValue tail) implements RValue {
    public RLanguage {
        Objects.requireNonNull(tail, "tail");
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("without a cell it is NULL");
        }
    }

    public RLanguage(List<Cell> cells) {
        this(cells, RNull.INSTANCE);
    }

    @Override
    public Attributes attributes() {
        return cells.get(0).attributes();
    }
}
