package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListOrderTest {
    /** What R's {@code sort()} makes of these after {@code icuSetCollate("en_US")}. */
    private static final List<String> SORTED = List.of(
            "_b",
            ".a",
            "[.factor",
            "+",
            "~",
            "1",
            "a b",
            "a_b",
            "a-b",
            "a.b",
            "ab",
            "aB",
            "Ab",
            "AB",
            "e",
            "é",
            "É",
            "ea",
            "éa",
            "eb",
            "Methods",
            "Methods_Details",
            "methods-defunct",
            "z");

    @Test
    void namesAreInTheOrderOfR() {
        List<String> names = new ArrayList<>(SORTED);
        Collections.shuffle(names, new Random(1));
        names.sort(ListOrder.INSTANCE);
        assertEquals(SORTED, names);
    }
}
