package org.ocpu.app.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ocpu.app.table.Frames.classed;
import static org.ocpu.app.table.Frames.factor;
import static org.ocpu.app.table.Frames.frame;
import static org.ocpu.app.table.Frames.with;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ocpu.app.rdata.Attributes;
import org.ocpu.app.rdata.RBaseEnvironment;
import org.ocpu.app.rdata.RClosure;
import org.ocpu.app.rdata.RComplex;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RLogical;
import org.ocpu.app.rdata.RNull;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RVector;

class TableFormatTest {
    private static final RValue FUNCTION =
            new RClosure(RBaseEnvironment.GLOBAL, RNull.INSTANCE, RNull.INSTANCE, Attributes.NONE);
    private static final RVector COMPLEX = new RComplex(new double[] {1, 2}, Attributes.NONE);
    private static final RVector MATRIX = with(RInteger.of(1, 2, 3, 4, 5, 6), "dim", RInteger.of(2, 3));

    private static String refusal(TableFormat format, RValue value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String message = assertThrows(NotTabularException.class, () -> format.write(value, out))
                .getMessage();
        assertEquals(0, out.size(), "bytes written before the refusal");
        return message;
    }

    private static RList list(RValue... values) {
        return new RList(List.of(values), Attributes.NONE);
    }

    @Test
    void aFormatIsFoundByItsNameInUrls() {
        assertEquals(Optional.of(TableFormat.FEATHER), TableFormat.named("feather"));
        assertEquals(Optional.of(TableFormat.ARROWIPC), TableFormat.named("arrowipc"));
        assertEquals(Optional.of(TableFormat.PARQUET), TableFormat.named("parquet"));
        assertEquals(Optional.empty(), TableFormat.named("FEATHER"));
    }

    @Test
    void whatIsNoDataFrameIsRefusedAndSaidWhatItIs() {
        assertEquals(
                "feather needs a data frame; this is a numeric vector of length 3.",
                refusal(TableFormat.FEATHER, RDouble.of(1, 2, 3)));
        assertEquals(
                "parquet needs a data frame; this is a 2 x 3 integer matrix.", refusal(TableFormat.PARQUET, MATRIX));
        assertEquals("arrowipc needs a data frame; this is a function.", refusal(TableFormat.ARROWIPC, FUNCTION));
        assertEquals("arrowipc needs a data frame; this is NULL.", refusal(TableFormat.ARROWIPC, RNull.INSTANCE));
    }

    @Test
    void valuesAreDescribedAsAnRUserWould() {
        assertEquals("a list of length 1", Description.of(list(RNull.INSTANCE)));
        assertEquals("an integer vector of length 1", Description.of(RInteger.of(1)));
        assertEquals("a character vector of length 0", Description.of(RString.of()));
        assertEquals("a factor of length 1", Description.of(factor(new int[] {1}, "a")));
        assertEquals("an object of class 'lm'", Description.of(classed(list(RNull.INSTANCE), "lm")));
        assertEquals("an environment", Description.of(RBaseEnvironment.GLOBAL));
        assertEquals("a 1 x 1 x 1 logical array", Description.of(with(RLogical.of(1), "dim", RInteger.of(1, 1, 1))));
    }

    @Test
    void aColumnWithoutATypeIsNamed() {
        assertEquals(
                "Column 'z' is a complex vector of length 1, which has no type in Arrow or Parquet.",
                refusal(TableFormat.PARQUET, frame("ok", RInteger.of(1), "z", COMPLEX)));
        assertEquals(
                "Column 'm' is a 2 x 3 integer matrix, which has no type in Arrow or Parquet.",
                refusal(TableFormat.FEATHER, frame("i", RInteger.of(1, 2), "m", MATRIX)));
        assertEquals(
                "Column 'f' is a list with a function; it may only have vectors.",
                refusal(TableFormat.FEATHER, frame("f", list(FUNCTION))));
        assertEquals(
                "Column 'l' is a list of several types, among them an integer vector of length 1 and"
                        + " a character vector of length 1.",
                refusal(TableFormat.FEATHER, frame("l", list(RInteger.of(1), RString.of("a")))));
        assertEquals(
                "Column 't' is of class 'POSIXlt'; as.POSIXct() makes it writable.",
                refusal(TableFormat.FEATHER, frame("t", classed(list(RInteger.of(1)), "POSIXlt", "POSIXt"))));
    }

    @Test
    void aDamagedDataFrameIsRefused() {
        assertEquals(
                "Column 'b' has 2 values, the data frame has 1 rows.",
                refusal(TableFormat.PARQUET, frame("a", RInteger.of(1), "b", RInteger.of(1, 2))));
        assertEquals(
                "Column 'f' is a factor with codes that have no level.",
                refusal(TableFormat.PARQUET, frame("f", factor(new int[] {1, 3}, "x", "y"))));
        assertEquals(
                "Column 'd' is a difftime in 'moons', which is no unit of R.",
                refusal(
                        TableFormat.PARQUET,
                        frame("d", classed(with(RDouble.of(1), "units", RString.of("moons")), "difftime"))));
    }

    @Test
    void columnsWithoutAnOwnNameGetOne() {
        RList frame = frame(
                List.of("a", "", "a", "a.1", "a"),
                List.of(RInteger.of(), RInteger.of(), RInteger.of(), RInteger.of(), RInteger.of()),
                0);
        assertEquals(List.of("a", "V2", "a.2", "a.1", "a.3"), ColumnNames.of(frame));
        assertEquals(List.of("V1"), ColumnNames.of(list(RInteger.of())));
    }

    @Test
    void theStreamStaysOpen() throws IOException {
        for (TableFormat format : TableFormat.values()) {
            format.write(frame("a", RInteger.of(1)), new ByteArrayOutputStream() {
                @Override
                public void close() {
                    throw new AssertionError(format + " closes a stream that it did not open");
                }
            });
        }
    }
}
