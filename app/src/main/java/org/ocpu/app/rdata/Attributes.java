package org.ocpu.app.rdata;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What R keeps beside an object's content: named values in order, and flag bits.
 *
 * @param list the named values; no name twice
 * @param levels the 16 flag bits that R calls "gp"; they matter only for writing back what R wrote, and except for {@link #S4}
 *     not for equality
 */
public record Attributes(List<Attribute> list, int levels) {
    /** The bit of {@link #levels} that an instance of an S4 class has. */
    public static final int S4 = 1 << 4;

    public static final Attributes NONE = new Attributes(List.of(), 0);

    public Attributes {
        list = List.copyOf(list);
        if ((levels & ~0xffff) != 0) {
            throw new IllegalArgumentException("levels have 16 bits: " + levels);
        }
    }

    public static Attributes of(String name, RValue value) {
        return NONE.with(name, value);
    }

    /** These with one more, which replaces one of the same name in its place. */
    public Attributes with(String name, RValue value) {
        Attribute added = new Attribute(new RSymbol(name), value);
        List<Attribute> all = new ArrayList<>(list);
        int index = names().indexOf(name);
        if (index < 0) {
            all.add(added);
        } else {
            all.set(index, added);
        }
        return new Attributes(all, levels);
    }

    public Optional<RValue> get(String name) {
        return list.stream()
                .filter(attribute -> attribute.name().equals(name))
                .map(Attribute::value)
                .findFirst();
    }

    public List<String> names() {
        return list.stream().map(Attribute::name).toList();
    }

    /** Whether there are no named values. */
    public boolean isEmpty() {
        return list.isEmpty();
    }

    /** Whether the object is an instance of an S4 class. */
    public boolean isS4() {
        return (levels & S4) != 0;
    }

    /** Whether R dispatches on the object, which is when it has a class. */
    boolean isObject() {
        return get("class").isPresent();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Attributes that && list.equals(that.list) && isS4() == that.isS4();
    }

    @Override
    public int hashCode() {
        return list.hashCode();
    }
}
