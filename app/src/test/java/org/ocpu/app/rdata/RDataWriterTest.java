package org.ocpu.app.rdata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the writer writes, byte by byte and as read again. */
class RDataWriterTest {
    private static String hex(RValue value, RDataHeader header) {
        return HexFormat.of().formatHex(RDataWriter.bytes(value, header));
    }

    @Test
    void writesBothVersions() {
        RString value = new RString(new String[] {"é", null}, Attributes.of("class", RString.of("a")));
        String item = "00000310" + "00000002" + "00008009" + "00000002" + "c3a9" + "00000009" + "ffffffff"
                + "00000402" + "00000001" + "00040009" + "00000005" + "636c617373"
                + "00000010" + "00000001" + "00040009" + "00000001" + "61" + "000000fe";
        assertEquals(
                "580a" + "00000003" + "00040202" + "00030500" + "00000005" + "5554462d38" + item,
                hex(value, RDataHeader.VERSION_3.writtenBy("4.2.2")));
        assertEquals("580a" + "00000002" + "00030500" + "00020300" + item, hex(value, RDataHeader.VERSION_2));
    }

    @Test
    void writesASymbolOnceAndThenRefersToIt() {
        RList twice = new RList(List.of(new RSymbol("x"), new RSymbol("x")), Attributes.NONE);
        assertEquals(
                "580a" + "00000002" + "00030500" + "00020300" + "00000013" + "00000002" + "00000001" + "00040009"
                        + "00000001" + "78" + "000001ff",
                hex(twice, RDataHeader.VERSION_2));
    }

    @Test
    void everythingReadIsWrittenBackTheSame() {
        byte[] bytes = Samples.bytes(Samples.everything());
        assertArrayEquals(bytes, Samples.bytes(Samples.read(bytes)));
    }

    @Test
    void howStringsWereEncodedIsRemembered() {
        byte[] bytes = HexFormat.of()
                .parseHex("580a" + "00000003" + "00030500" + "00030500" + "00000005" + "5554462d38"
                        + "00000010" + "00000005" + "00004009" + "00000001" + "e9" + "00000009" + "00000002" + "c3a9"
                        + "00002009" + "00000001" + "e9" + "00008009" + "00000001" + "e9" + "00000009" + "00000001"
                        + "61");
        assertArrayEquals(bytes, Samples.bytes(Samples.read(bytes)));
    }

    @Test
    void dataAreEqualWhenReadAgain() {
        RList values = new RList(new RandomValues(1).next(500), Attributes.NONE);
        assertEquals(
                values,
                new RDataReader(new ByteArrayInputStream(Samples.bytes(values)), RDataReader.DEFAULT_LIMIT).read());
    }

    @Test
    void vectorsLargerThanTheBufferAreWrittenWhole() {
        double[] values = new double[100_001];
        Arrays.setAll(values, i -> i / 3.0);
        assertEquals(RDouble.of(values), Samples.read(Samples.bytes(RDouble.of(values))));
        assertEquals(
                new RRaw(new byte[100_001], Attributes.NONE),
                Samples.read(Samples.bytes(new RRaw(new byte[100_001], Attributes.NONE))));
    }

    @Test
    void whatNestsTooDeepToBeReadIsNotWritten() {
        Samples.read(Samples.bytes(Samples.nested(RDataReader.MAX_DEPTH - 1)));
        RValue deepest = RNull.INSTANCE;
        for (int depth = 1; depth < RDataReader.MAX_DEPTH - 1; depth += 2) {
            deepest = RInteger.of(1).withAttributes(Attributes.of("a", deepest));
        }
        RValue one = deepest;
        assertEquals(one, Samples.read(Samples.bytes(one)));
        RValue more = RInteger.of(1).withAttributes(Attributes.of("a", one));
        assertThrows(RDataException.class, () -> Samples.bytes(more));
        assertThrows(RDataException.class, () -> Samples.bytes(Samples.nested(RDataReader.MAX_DEPTH)));
        assertThrows(RDataException.class, () -> Samples.bytes(Samples.nested(100_000)));
    }
}
