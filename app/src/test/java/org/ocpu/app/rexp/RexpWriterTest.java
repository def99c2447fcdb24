package org.ocpu.app.rexp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayInputStream;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ocpu.app.rdata.Attributes;
import org.ocpu.app.rdata.RBaseEnvironment;
import org.ocpu.app.rdata.RComplex;
import org.ocpu.app.rdata.RDataHeader;
import org.ocpu.app.rdata.RDataReader;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RLogical;
import org.ocpu.app.rdata.RNull;
import org.ocpu.app.rdata.RRaw;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RSymbol;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RandomValues;
import org.ocpu.app.rexp.Rexp.REXP;
import org.ocpu.app.rexp.Rexp.REXP.RClass;

/** What the writer writes, byte by byte and as protobuf's own generated code parses it. */
class RexpWriterTest {
    private static String hex(RValue value) {
        return HexFormat.of().formatHex(bytes(value));
    }

    private static byte[] bytes(RValue value) {
        return RexpWriter.bytes(value, RDataHeader.VERSION_3);
    }

    private static REXP parsed(RValue value) throws InvalidProtocolBufferException {
        return REXP.parseFrom(bytes(value));
    }

    @Test
    void eachTypeHasItsClassAndField() {
        assertEquals("0807", hex(RNull.INSTANCE));
        assertEquals("0802" + "1208" + "000000000000f83f", hex(RDouble.of(1.5)));
        assertEquals("0804" + "1a07" + "0203" + "ffffffff0f", hex(RInteger.of(1, -2, RInteger.NA)));
        assertEquals("0806" + "2001" + "2000" + "2002", hex(RLogical.of(1, 0, RLogical.NA)));
        assertEquals("0800" + "2a06" + "0a02c3a9" + "1000" + "2a02" + "1001", hex(RString.of("é", null)));
        assertEquals("0801" + "3202" + "00ff", hex(new RRaw(new byte[] {0, -1}, Attributes.NONE)));
        assertEquals(
                "0803" + "3a12" + "09000000000000f03f" + "110000000000000000",
                hex(new RComplex(new double[] {1, 0}, Attributes.NONE)));
        assertEquals(
                "0805" + "4202" + "0807" + "4204" + "0806" + "2001",
                hex(new RList(List.of(RNull.INSTANCE, RLogical.of(1)), Attributes.NONE)));
    }

    @Test
    void emptyVectorsHaveNoField() {
        assertEquals("0802", hex(RDouble.of()));
        assertEquals("0804", hex(RInteger.of()));
        assertEquals("0801" + "3200", hex(new RRaw(new byte[0], Attributes.NONE)));
    }

    @Test
    void namesOfAttributesPrecedeTheirValues() {
        Attributes attributes = Attributes.of("a", RLogical.of(1)).with("b", RNull.INSTANCE);
        assertEquals(
                "0806" + "2001" + "5a0161" + "5a0162" + "6204" + "0806" + "2001" + "6202" + "0807",
                hex(RLogical.of(1).withAttributes(attributes)));
    }

    @Test
    void shortRowNamesAreWrittenOut() {
        RValue frame = new RList(List.of(), Attributes.of("row.names", RInteger.of(RInteger.NA, -3)));
        assertEquals("0805" + "5a09726f772e6e616d6573" + "6207" + "0804" + "1a03" + "020406", hex(frame));
        RValue absurd = new RList(List.of(), Attributes.of("row.names", RInteger.of(RInteger.NA, -Integer.MAX_VALUE)));
        assertThrows(RexpException.class, () -> bytes(absurd));
    }

    @Test
    void whatHasNoFieldIsAsRSerializesIt() throws InvalidProtocolBufferException {
        REXP message = parsed(new RSymbol("x"));
        assertEquals(RClass.NATIVE, message.getRclass());
        assertEquals(new RSymbol("x"), RDataReader.read(message.getNativeValue().newInput()));
        assertEquals(RClass.NATIVE, parsed(RBaseEnvironment.GLOBAL).getRclass());
    }

    @Test
    void theSizesOfNestedMessagesAreRight() throws InvalidProtocolBufferException {
        for (RValue value : new RandomValues(2).next(300)) {
            assertTrue(parsed(value).isInitialized());
            assertEquals(value, RexpReader.read(new ByteArrayInputStream(bytes(value))));
        }
    }

    @Test
    void whatNestsTooDeepToBeReadIsNotWritten() {
        RValue deep = RNull.INSTANCE;
        for (int i = 0; i < 10_000; i++) {
            deep = new RList(List.of(deep), Attributes.NONE);
        }
        RValue value = deep;
        assertThrows(RexpException.class, () -> bytes(value));
    }
}
