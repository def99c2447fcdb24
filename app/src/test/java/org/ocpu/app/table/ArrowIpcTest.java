package org.ocpu.app.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ocpu.app.table.Frames.classed;
import static org.ocpu.app.table.Frames.factor;
import static org.ocpu.app.table.Frames.frame;
import static org.ocpu.app.table.Frames.with;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.ocpu.app.rdata.Attributes;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RLogical;
import org.ocpu.app.rdata.RNull;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RVector;

/** What is written, read back by Arrow's own Java reader as far as it needs no memory outside the heap. */
class ArrowIpcTest {
    private static final String MAGIC = "ARROW1";

    private static byte[] written(TableFormat format, RValue frame) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(frame, out);
        return out.toByteArray();
    }

    private static ReadChannel channel(byte[] bytes, long from) {
        ByteArrayInputStream in =
                new ByteArrayInputStream(bytes, Math.toIntExact(from), bytes.length - Math.toIntExact(from));
        return new ReadChannel(Channels.newChannel(in));
    }

    private static Field field(RVector column) throws IOException {
        byte[] stream = written(TableFormat.ARROWIPC, frame("x", column));
        Schema schema = MessageSerializer.deserializeSchema(channel(stream, 0));
        assertEquals(1, schema.getFields().size());
        return schema.getFields().get(0);
    }

    private static ArrowFooter footer(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int lengthAt = file.length - MAGIC.length() - Integer.BYTES;
        int length = bytes.getInt(lengthAt);
        return new ArrowFooter(
                Footer.getRootAsFooter(bytes.slice(lengthAt - length, length).order(ByteOrder.LITTLE_ENDIAN)));
    }

    private static RVector time(RVector numbers, String units, String... classes) {
        return with(classed(numbers, classes), "units", RString.of(units));
    }

    @Test
    void dateTimesHaveTheZoneThatTheAttributeNames() throws IOException {
        RVector moment = classed(RDouble.of(0), "POSIXct", "POSIXt");
        assertEquals(
                "x: Timestamp(MICROSECOND, Europe/Oslo)",
                field(with(moment, "tzone", RString.of("Europe/Oslo"))).toString());
        assertEquals(
                "x: Timestamp(MICROSECOND, null)",
                field(with(moment, "tzone", RString.of(""))).toString());
        assertEquals("x: Timestamp(MICROSECOND, UTC)", field(moment).toString());
    }

    @Test
    void integersWithATimeClassAreTimes() throws IOException {
        assertEquals("x: Date(DAY)", field(classed(RInteger.of(1), "Date")).toString());
        assertEquals(
                "x: Duration(SECOND)",
                field(time(RInteger.of(1, RInteger.NA), "mins", "difftime")).toString());
    }

    @Test
    void aTimeOfMoreThanADayIsADuration() throws IOException {
        RVector seconds = RDouble.of(0, 86399);
        assertEquals(
                "x: Time(SECOND, 32)",
                field(time(seconds, "secs", "hms", "difftime")).toString());
        RVector beyond = RDouble.of(0, 86400);
        assertEquals(
                "x: Duration(SECOND)",
                field(time(beyond, "secs", "hms", "difftime")).toString());
    }

    @Test
    void aFactorsIndicesAreAsNarrowAsItsLevelsAllow() throws IOException {
        assertEquals(8, indexBits(126));
        assertEquals(16, indexBits(127));
        assertEquals(16, indexBits(32766));
        assertEquals(32, indexBits(32767));
    }

    private static int indexBits(int levels) throws IOException {
        String[] names = IntStream.range(0, levels).mapToObj(Integer::toString).toArray(String[]::new);
        return field(factor(new int[] {1, levels}, names))
                .getDictionary()
                .getIndexType()
                .getBitWidth();
    }

    @Test
    void onlyAnOrderedFactorHasAnOrderedDictionary() throws IOException {
        RVector factor = factor(new int[] {1}, "a");
        assertEquals(false, field(factor).getDictionary().isOrdered());
        assertEquals(
                true,
                field(classed(factor, "ordered", "factor")).getDictionary().isOrdered());
    }

    @Test
    void aFeatherFilesFooterFindsItsDictionariesAndBatches() throws IOException {
        int rows = 150_000;
        int[] codes = new int[rows];
        Arrays.fill(codes, 1);
        byte[] file = written(TableFormat.FEATHER, frame("f", factor(codes, "a"), "n", RInteger.of(codes)));
        assertEquals(MAGIC, new String(file, 0, MAGIC.length(), StandardCharsets.US_ASCII));
        ArrowFooter footer = footer(file);
        assertEquals(1, footer.getDictionaries().size());
        assertEquals(List.of(65536L, 65536L, 18928L), lengths(file, footer.getRecordBatches()));
        assertEquals(
                MessageSerializer.deserializeSchema(channel(file, 8)).getFields(),
                footer.getSchema().getFields());
    }

    private static List<Long> lengths(byte[] file, List<ArrowBlock> blocks) throws IOException {
        Long[] lengths = new Long[blocks.size()];
        for (int i = 0; i < lengths.length; i++) {
            var message =
                    MessageSerializer.readMessage(channel(file, blocks.get(i).getOffset()));
            RecordBatch batch = (RecordBatch) message.getMessage().header(new RecordBatch());
            lengths[i] = batch.length();
            assertEquals(blocks.get(i).getBodyLength(), message.getMessageBodyLength());
        }
        return List.of(lengths);
    }

    @Test
    void longTextsMakeBatchesOfFewerRows() {
        String[] texts = new String[1000];
        Arrays.fill(texts, "x".repeat(100_000));
        List<Table.Slice> slices = Table.of(frame("t", RString.of(texts))).slices(1 << 16);
        assertEquals(new Table.Slice(0, 250), slices.get(0));
        assertEquals(1000, slices.stream().mapToInt(Table.Slice::rows).sum());
    }

    private static List<byte[]> buffers(RVector column, int from, int to) {
        Table table = Table.of(frame("x", column));
        return new ArrowBatch(table.columns(), new Table.Slice(from, to))
                .buffers().stream().map(ArrowIpcTest::bytes).toList();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void missingNumbersAreNullAndNaNIsNot() {
        List<byte[]> buffers = buffers(RDouble.of(1, RDouble.NA, Double.NaN), 0, 3);
        assertArrayEquals(new byte[] {0b101}, buffers.get(0));
        assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xf0, 0x3f}, Arrays.copyOf(buffers.get(1), 8));
    }

    @Test
    void withoutMissingValuesThereAreNoBits() {
        assertArrayEquals(new byte[0], buffers(RInteger.of(1, 2), 0, 2).get(0));
    }

    @Test
    void logicalsArePackedInBits() {
        List<byte[]> buffers = buffers(RLogical.of(1, 1, 0, 1, 1, 1, 1, 1, 1, RLogical.NA, 1), 1, 11);
        assertArrayEquals(new byte[] {(byte) 0b11111111, 0b10}, buffers.get(0));
        assertArrayEquals(new byte[] {(byte) 0b11111101, 0b10}, buffers.get(1));
    }

    @Test
    void aSliceOfListsStartsItsOffsetsAtZero() {
        RList lists =
                new RList(List.of(RInteger.of(7), RInteger.of(8, 9), RNull.INSTANCE, RInteger.of(10)), Attributes.NONE);
        List<byte[]> buffers = buffers(lists, 1, 4);
        assertArrayEquals(new byte[] {0b101}, buffers.get(0));
        assertArrayEquals(new byte[] {0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0}, buffers.get(1));
        assertArrayEquals(new byte[] {8, 0, 0, 0, 9, 0, 0, 0, 10, 0, 0, 0}, buffers.get(3));
    }
}
