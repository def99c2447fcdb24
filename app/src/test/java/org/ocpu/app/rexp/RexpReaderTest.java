package org.ocpu.app.rexp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ocpu.app.rdata.Attributes;
import org.ocpu.app.rdata.RComplex;
import org.ocpu.app.rdata.RDataException;
import org.ocpu.app.rdata.RDataHeader;
import org.ocpu.app.rdata.RDataLimitException;
import org.ocpu.app.rdata.RDataReader;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RLogical;
import org.ocpu.app.rdata.RNull;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RandomValues;
import org.ocpu.app.rexp.Rexp.REXP;
import org.ocpu.app.rexp.Rexp.REXP.RClass;

/** The reader on messages that others may write, and on bytes that are none. */
class RexpReaderTest {
    private static final int LIMIT = 1 << 20;

    private static RValue read(byte[] bytes) {
        return RexpReader.read(new ByteArrayInputStream(bytes), LIMIT);
    }

    private static RValue read(String... hex) {
        return read(HexFormat.of().parseHex(String.join("", hex)));
    }

    private static String refusal(REXP.Builder message) {
        byte[] bytes = message.buildPartial().toByteArray();
        return assertThrows(RexpException.class, () -> read(bytes)).getMessage();
    }

    private static REXP.Builder integers(int... values) {
        REXP.Builder builder = REXP.newBuilder().setRclass(RClass.INTEGER);
        Arrays.stream(values).forEach(builder::addIntValue);
        return builder;
    }

    private static REXP.Builder strings(String... values) {
        REXP.Builder builder = REXP.newBuilder().setRclass(RClass.STRING);
        Arrays.stream(values).forEach(value -> builder.addStringValueBuilder().setStrval(value));
        return builder;
    }

    private static REXP.Builder with(REXP.Builder message, String name, REXP.Builder value) {
        return message.addAttrName(name).addAttrValue(value);
    }

    private static RValue read(REXP.Builder message) {
        return read(message.build().toByteArray());
    }

    /** An empty list is four bytes of a message and an object with an array in memory. */
    @Test
    void valuesThatTakeMoreThanTheirBytesAreBounded() {
        REXP.Builder lists = REXP.newBuilder().setRclass(RClass.LIST);
        REXP.Builder strings = REXP.newBuilder().setRclass(RClass.STRING);
        for (int n = 0; n < 50_000; n++) {
            lists.addRexpValueBuilder().setRclass(RClass.LIST);
            strings.addStringValueBuilder();
        }
        REXP.Builder integers =
                REXP.newBuilder().setRclass(RClass.INTEGER).addAllIntValue(Collections.nCopies(LIMIT / 3, 0));
        for (REXP.Builder message : List.of(lists, strings, integers)) {
            byte[] bytes = message.build().toByteArray();
            assertTrue(bytes.length < LIMIT);
            assertThrows(RDataLimitException.class, () -> read(bytes));
        }
    }

    @Test
    void readsNumbersPackedOrNotAndInAnyOrderOfFields() {
        assertEquals(RInteger.of(1, 2, 3), read("1a020204" + "1806" + "0804"));
        assertEquals(RDouble.of(1.5, 2), read("0802" + "1208000000000000f83f" + "110000000000000040"));
        assertEquals(RLogical.of(1, 0, RLogical.NA), read("0806" + "2203010002"));
    }

    @Test
    void whatIsAbsentHasItsDefault() {
        assertEquals(RString.of("", "a"), read("0800" + "2a00" + "2a03" + "0a0161"));
        assertEquals(new RComplex(new double[] {0, 1}, Attributes.NONE), read("0803" + "3a09" + "11000000000000f03f"));
        assertEquals(RNull.INSTANCE, read("0808"));
        assertEquals(RNull.INSTANCE, read("0807"));
    }

    @Test
    void unknownFieldsAreSkipped() {
        assertEquals(RInteger.of(1), read("0804" + "7801" + "8201020000" + "1a0102"));
    }

    @Test
    void rowNamesGetTheirShortForm() {
        RValue frame = read(with(REXP.newBuilder().setRclass(RClass.LIST), "row.names", integers(1, 2, 3)));
        assertEquals(new RList(List.of(), Attributes.of("row.names", RInteger.of(RInteger.NA, 3))), frame);
        RValue other = read(with(REXP.newBuilder().setRclass(RClass.LIST), "row.names", integers(1, 2)));
        assertEquals(new RList(List.of(), Attributes.of("row.names", RInteger.of(1, 2))), other);
    }

    @Test
    void attributesThatFitTheVectorAreKept() {
        Attributes attributes = Attributes.of("dim", RInteger.of(1, 2)).with("names", RString.of("a", "b"));
        assertEquals(
                RInteger.of(5, 6).withAttributes(attributes),
                read(with(with(integers(5, 6), "dim", integers(1, 2)), "names", strings("a", "b"))));
        assertEquals(
                RInteger.of(5), read(with(integers(5), "note", REXP.newBuilder().setRclass(RClass.NULLTYPE))));
    }

    @Test
    void attributesThatRWouldRefuseAreRefused() {
        assertTrue(refusal(with(integers(1, 2), "dim", integers(3))).contains("dimensions"));
        assertTrue(refusal(with(integers(1, 2), "dim", integers(-1, -2))).contains("dimensions"));
        assertTrue(refusal(with(integers(1, 2), "dim", integers(65536, 65536, 65536, 65536)))
                .contains("dimensions"));
        assertTrue(refusal(with(integers(1, 2), "dim", strings("2"))).contains("not numbers"));
        assertTrue(refusal(with(integers(1, 2), "names", strings("a"))).contains("names"));
        assertTrue(refusal(with(integers(1, 2), "dimnames", strings("a"))).contains("names of dimensions"));
        assertTrue(refusal(with(strings("a"), "class", strings("factor"))).contains("factor"));
        assertTrue(refusal(with(integers(1), "class", integers(1))).contains("class"));
        assertTrue(refusal(with(integers(1), "", integers(1))).contains("no name"));
        assertTrue(refusal(integers(1).addAttrName("a")).contains("1 names"));
        assertTrue(refusal(with(REXP.newBuilder().setRclass(RClass.NULLTYPE), "a", integers(1)))
                .contains("NULL"));
    }

    @Test
    void whatIsNoRexpIsRefused() {
        for (String hex : List.of(
                "",
                "0809",
                "0806" + "2005",
                "0803" + "3a00",
                "0805" + "4201",
                "0c",
                "0800" + "2a030a01ff",
                "ffffffffffffffffffffffff",
                "0802" + "1209" + "000000000000f83f00",
                "0805" + "42ffffffff0f")) {
            assertThrows(RexpException.class, () -> read(hex), hex);
        }
    }

    @Test
    void whatRSerializedIsCheckedToo() {
        REXP.Builder message =
                REXP.newBuilder().setRclass(RClass.NATIVE).setNativeValue(ByteString.copyFromUtf8("X\nnonsense"));
        assertThrows(RDataException.class, () -> read(message));
    }

    @Test
    void messagesThatEndEarlyAreRefusedWhereverTheyEnd() {
        RList value = new RList(new RandomValues(3).next(30), Attributes.NONE);
        REXP outer = REXP.newBuilder()
                .setRclass(RClass.LIST)
                .addRexpValue(parse(RexpWriter.bytes(value, RDataHeader.VERSION_3)))
                .build();
        byte[] all = outer.toByteArray();
        assertEquals(new RList(List.of(value), Attributes.NONE), read(all));
        for (int length = 3; length < all.length; length++) {
            byte[] some = Arrays.copyOf(all, length);
            assertThrows(RDataException.class, () -> read(some), "of " + length + " bytes");
        }
    }

    private static REXP parse(byte[] bytes) {
        try {
            return REXP.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void damagedMessagesAreReadOrRefusedButNothingElseHappens() {
        byte[] all = RexpWriter.bytes(new RList(new RandomValues(4).next(20), Attributes.NONE), RDataHeader.VERSION_3);
        List<String> surprises = new ArrayList<>();
        for (int place = 0; place < all.length; place++) {
            for (int value : new int[] {0, 1, 8, 0x42, 0x7f, 0xff}) {
                byte[] damaged = all.clone();
                damaged[place] = (byte) value;
                surprise(damaged, surprises);
            }
        }
        assertEquals(List.of(), surprises);
    }

    private static void surprise(byte[] damaged, List<String> surprises) {
        try {
            read(damaged);
        } catch (RDataException expected) {
            // Refused is as good as read.
        } catch (RuntimeException e) {
            surprises.add(e.toString());
        }
    }

    @Test
    void deepNestingIsRefusedBeforeTheStackOverflows() {
        assertEquals(RDataReader.MAX_DEPTH - 1, depth(read(nested(RDataReader.MAX_DEPTH))));
        byte[] deep = nested(RDataReader.MAX_DEPTH + 1);
        assertTrue(
                assertThrows(RexpException.class, () -> read(deep)).getMessage().contains("deeper than"));
    }

    private static byte[] nested(int depth) {
        REXP message = REXP.newBuilder().setRclass(RClass.LIST).build();
        for (int i = 1; i < depth; i++) {
            message = REXP.newBuilder()
                    .setRclass(RClass.LIST)
                    .addRexpValue(message)
                    .build();
        }
        return message.toByteArray();
    }

    private static int depth(RValue value) {
        int depth = 0;
        for (RValue inner = value;
                inner instanceof RList list && list.length() == 1;
                inner = list.values().get(0)) {
            depth++;
        }
        return depth;
    }

    @Test
    void moreThanTheLimitIsRefused() {
        byte[] large = RexpWriter.bytes(RDouble.of(new double[LIMIT / 8]), RDataHeader.VERSION_3);
        assertThrows(RexpException.class, () -> read(large));
    }
}
