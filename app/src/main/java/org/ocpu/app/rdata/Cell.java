package org.ocpu.app.rdata;

import java.util.Objects;
import java.util.Optional;

/**
 * One cell of a pairlist or call.
 *
 * @param attributes of the list that begins with this cell: only a first cell has them in practice
 */
public record Cell(Optional<RSymbol> tag, RValue value, Attributes attributes) {
    public Cell {
        Objects.requireNonNull(tag, "tag");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(attributes, "attributes");
    }

    public static Cell of(RValue value) {
        return new Cell(Optional.empty(), value, Attributes.NONE);
    }

    public static Cell of(String tag, RValue value) {
        return new Cell(Optional.of(new RSymbol(tag)), value, Attributes.NONE);
    }
}
