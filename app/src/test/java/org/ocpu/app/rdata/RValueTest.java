package org.ocpu.app.rdata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What values are equal, and how attributes and numbers behave. */
class RValueTest {
    @Test
    void valuesAreEqualByContent() {
        for (long seed = 0; seed < 5; seed++) {
            List<RValue> values = new RandomValues(seed).next(200);
            assertEquals(values, new RandomValues(seed).next(200));
            assertEquals(values.hashCode(), new RandomValues(seed).next(200).hashCode());
        }
    }

    @Test
    void naIsNotNaNAndMinusZeroNotZero() {
        assertNotEquals(RDouble.of(RDouble.NA), RDouble.of(Double.NaN));
        assertNotEquals(RDouble.of(0.0), RDouble.of(-0.0));
        assertNotEquals(RInteger.of(1), RLogical.of(1));
    }

    @Test
    void environmentsAreEqualOnlyToThemselves() {
        RLocalEnvironment one = new RLocalEnvironment(RBaseEnvironment.GLOBAL, Map.of("x", RInteger.of(1)));
        assertEquals(Map.of("x", RInteger.of(1)), one.bindings());
        assertNotEquals(one, new RLocalEnvironment(RBaseEnvironment.GLOBAL, Map.of("x", RInteger.of(1))));
    }

    @Test
    void attributesKeepTheirOrderAndReplaceInPlace() {
        Attributes attributes = Attributes.of("a", RInteger.of(1)).with("b", RInteger.of(2));
        assertEquals(List.of("a", "b"), attributes.with("a", RInteger.of(3)).names());
        assertEquals(
                Optional.of(RInteger.of(3)),
                attributes.with("a", RInteger.of(3)).get("a"));
        assertEquals(Optional.empty(), attributes.get("c"));
        assertNotEquals(attributes, new Attributes(attributes.list(), Attributes.S4));
        assertThrows(IllegalArgumentException.class, () -> new Attributes(List.of(), 1 << 16));
    }

    @Test
    void numbersBecomeTheTextsThatRGivesThem() {
        assertEquals("1e+05", NumberText.of(100000.0));
        assertEquals("123456", NumberText.of(123456.0));
        assertEquals("0.1", NumberText.of(0.1));
        assertEquals("1e-05", NumberText.of(0.00001));
        assertEquals("0.333333333333333", NumberText.of(1 / 3.0));
        assertEquals("-1.5", NumberText.of(-1.5));
        assertEquals("1e+300", NumberText.of(1e300));
        assertEquals("0", NumberText.of(-0.0));
        assertEquals("-Inf", NumberText.of(Double.NEGATIVE_INFINITY));
        assertEquals("NaN", NumberText.of(Double.NaN));
        assertNull(NumberText.of(RDouble.NA));
        assertNull(NumberText.of(RInteger.NA));
    }
}
