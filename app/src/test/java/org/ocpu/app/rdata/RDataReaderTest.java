package org.ocpu.app.rdata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The reader on bytes as R writes them, and on bytes that R would never write. */
class RDataReaderTest {
    private static final String V2 = "580a 00000002 00040202 00020300";
    private static final String V3 = "580a 00000003 00040202 00030500 00000005 5554462d38";
    private static final String INTSEQ = "000000ee 00000002 00000001 00040009 0000000e 636f6d706163745f696e74736571"
            + "00000002 00000001 00040009 00000004 62617365 00000002 0000000d 00000001 0000000d 000000fe"
            + "0000000e 00000003";

    private static byte[] bytes(String... hex) {
        return HexFormat.of().parseHex(String.join("", hex).replace(" ", ""));
    }

    private static RValue read(String... hex) {
        return Samples.read(bytes(hex));
    }

    private static RValue readAscii(String text) {
        return Samples.read(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String refusal(String... hex) {
        return assertThrows(RDataException.class, () -> read(hex)).getMessage();
    }

    @Test
    void readsBothVersionsAndTheirHeaders() {
        RInteger expected = RInteger.of(1, RInteger.NA);
        assertEquals(expected, read(V2, "0000000d 00000002 00000001 80000000"));
        assertEquals(expected, read(V3, "0000000d 00000002 00000001 80000000"));
        RDataReader reader = new RDataReader(new ByteArrayInputStream(bytes(V3)), 100);
        assertEquals(new RDataHeader(3, 0x040202, 0x030500, "UTF-8"), reader.header());
        assertTrue(refusal("580a 00000001 00040202 00020300").contains("not 1"));
        assertTrue(refusal("5a0a 00000003").contains("not R's"));
    }

    @Test
    void readsLittleEndianNumbers() {
        assertEquals(RDouble.of(1.5), read("420a 02000000 02020400 00030200 0e000000 01000000 000000000000f83f"));
    }

    @Test
    void readsAsciiNumbersAndEscapes() {
        String header = "A\n3\n262658\n197888\n5\nUTF-8\n";
        assertEquals(
                RDouble.of(1.5, RDouble.NA, Double.NaN, Double.NEGATIVE_INFINITY, 0.1),
                readAscii(header + "14\n5\n1.5\nNA\nNaN\n-Inf\n0x1.999999999999ap-4\n"));
        assertEquals(
                RString.of("a b\n\\\"\t", "é", null),
                readAscii(header + "16\n3\n262153\n7\na\\040b\\n\\\\\\\"\\t\n32777\n2\n\\303\\251\n9\n-1\n"));
        assertEquals(new RRaw(new byte[] {0, -1}, Attributes.NONE), readAscii(header + "24\n2\n00\nff\n"));
        assertThrows(RDataException.class, () -> readAscii(header + "14\n1\nx\n"));
        assertThrows(RDataException.class, () -> readAscii(header + "14\n1\n" + "1".repeat(1000)));
    }

    @Test
    void readsGzipCompressedData() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(Samples.bytes(RInteger.of(1)));
        }
        byte[] all = compressed.toByteArray();
        assertEquals(RInteger.of(1), Samples.read(all));
        for (int length = 0; length < all.length - 10; length++) {
            byte[] some = Arrays.copyOf(all, length);
            assertThrows(RDataException.class, () -> Samples.read(some));
        }
    }

    @Test
    void tellsNaFromNaN() {
        RDouble values = (RDouble) read(V3, "0000000e 00000002 7ff00000000007a2 7ff8000000000000");
        assertTrue(RDouble.isNa(values.values()[0]));
        assertFalse(RDouble.isNa(values.values()[1]));
    }

    @Test
    void readsStringsInTheirEncodings() {
        RString strings = (RString) read(
                V3,
                "00000010 00000006",
                "00040009 00000001 61",
                "00004009 00000001 e9",
                "00008009 00000002 c3a9",
                "00000009 00000002 c3a9",
                "00002009 00000001 e9",
                "00000009 ffffffff");
        assertArrayEquals(new String[] {"a", "é", "é", "é", "\u00e9", null}, strings.values());
        String latin1 = "580a 00000003 00040202 00030500 00000006 6c6174696e31";
        assertEquals(RString.of("é"), read(latin1, "00000010 00000001 00000009 00000001 e9"));
    }

    @Test
    void whatIsReferredToIsTheSameObject() {
        RValue value = Samples.read(Samples.bytes(Samples.everything()));
        List<RValue> elements = ((RList) value).values();
        assertSame(((RClosure) elements.get(8)).environment(), elements.get(9));
        assertSame(elements.get(17), elements.get(18));
    }

    @Test
    void compactSequencesBecomePlainVectors() {
        assertEquals(
                RInteger.of(1, 2, 3), read(V3, INTSEQ, "4008000000000000 3ff0000000000000 3ff0000000000000 000000fe"));
        assertTrue(refusal(V3, INTSEQ, "41dfffffffc00000 3ff0000000000000 3ff0000000000000 000000fe")
                .contains("take more"));
        assertTrue(refusal(V3, INTSEQ, "bff0000000000000 3ff0000000000000 3ff0000000000000 000000fe")
                .contains("malformed"));
    }

    @Test
    void lengthsAreNotBelieved() {
        for (String type : List.of("0a", "0d", "0e", "0f", "10", "13", "14", "18")) {
            for (String length : List.of("7fffffff", "3fffffff", "80000000", "ffffffff 00000001 00000000")) {
                refusal(V3, "000000" + type, length);
            }
        }
        refusal(V3, "00000010 00000001 00040009 7fffffff 61");
        refusal(V3, "00000008 7fffffff 61");
    }

    @Test
    void whatRCannotHaveWrittenIsRefusedWithTheReason() {
        assertTrue(refusal(V3, "000001ff").contains("item 1 of 0"));
        assertTrue(refusal(V3, "000000b0").contains("unknown type 176"));
        assertTrue(refusal(V3, "00000009 00000001 61").contains("unknown type 9"));
        assertTrue(refusal(V3, "00000001 0000000d").contains("in place of a string"));
        assertTrue(refusal(V3, "0000020d 00000000 0000000d 00000000").contains("not a pairlist"));
        assertTrue(refusal(V3, "0000020d 00000000 00000002 000000fe 000000fe").contains("without a name"));
        assertTrue(refusal(V3, "000000f9 00000000 00000000").contains("without a name"));
    }

    @Test
    void deepNestingIsRefusedBeforeTheStackOverflows() {
        String lists = "00000013 00000001".repeat(100_000);
        assertTrue(refusal(V3, lists).contains("deeper than"));
        String calls = "00000006".repeat(100_000);
        assertTrue(refusal(V3, calls).contains("deeper than"));
        String nearly = "00000013 00000001".repeat(RDataReader.MAX_DEPTH - 1);
        assertEquals(Samples.nested(RDataReader.MAX_DEPTH - 1), read(V3, nearly, "000000fe"));
    }

    @Test
    void longPairlistsAreNotDeep() {
        String cells = "00000002 000000fe".repeat(100_000);
        assertEquals(100_000, ((RPairlist) read(V3, cells, "000000fe")).cells().size());
    }

    @Test
    void dataThatEndEarlyAreRefusedWhereverTheyEnd() {
        byte[] all = Samples.bytes(Samples.everything());
        for (int length = 0; length < all.length; length++) {
            byte[] some = Arrays.copyOf(all, length);
            assertThrows(RDataException.class, () -> Samples.read(some), "of " + length + " bytes");
        }
    }

    @Test
    void damagedDataAreReadOrRefusedButNothingElseHappens() {
        byte[] all = Samples.bytes(Samples.everything());
        Random random = new Random(1);
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            for (int place = 0; place < all.length; place++) {
                for (int value : new int[] {0, 1, 2, 6, 9, 0x7f, 0xee, 0xff, random.nextInt(256)}) {
                    byte[] damaged = all.clone();
                    damaged[place] = (byte) value;
                    assertNull(surprise(damaged), "byte " + place + " made " + value);
                }
            }
        });
    }

    private static RuntimeException surprise(byte[] damaged) {
        try {
            Samples.bytes(Samples.read(damaged));
            return null;
        } catch (RDataException expected) {
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }
}
