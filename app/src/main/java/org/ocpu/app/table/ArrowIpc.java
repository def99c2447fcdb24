package org.ocpu.app.table;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * Writes a table in Arrow's IPC formats: a schema, the dictionaries, then record batches, and around them what makes it a file.
 *
 * <p>See "Serialization and Interprocess Communication" in Arrow's columnar format.
 */
final class ArrowIpc {
    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

    /** Rows of a record batch, which the memory for a slice may make fewer. */
    private static final int BATCH_ROWS = 1 << 16;

    private final Table table;
    private final ArrowSchema schema;
    private final WriteChannel out;

    private ArrowIpc(Table table, OutputStream out) {
        this.table = table;
        this.schema = new ArrowSchema(table.columns());
        this.out = new WriteChannel(Channels.newChannel(out));
    }

    static void writeStream(Table table, OutputStream out) throws IOException {
        ArrowIpc ipc = new ArrowIpc(table, out);
        MessageSerializer.serialize(ipc.out, ipc.schema.schema());
        ipc.writeDictionaries();
        ipc.writeBatches();
        ArrowStreamWriter.writeEndOfStream(ipc.out, IpcOption.DEFAULT);
    }

    static void writeFile(Table table, OutputStream out) throws IOException {
        ArrowIpc ipc = new ArrowIpc(table, out);
        ipc.out.write(MAGIC);
        ipc.out.align();
        MessageSerializer.serialize(ipc.out, ipc.schema.schema());
        List<ArrowBlock> dictionaries = ipc.writeDictionaries();
        List<ArrowBlock> batches = ipc.writeBatches();
        ArrowStreamWriter.writeEndOfStream(ipc.out, IpcOption.DEFAULT);
        ipc.writeFooter(new ArrowFooter(ipc.schema.schema(), dictionaries, batches));
    }

    private void writeFooter(ArrowFooter footer) throws IOException {
        long start = out.getCurrentPosition();
        out.write(footer, false);
        out.writeIntLittleEndian((int) (out.getCurrentPosition() - start));
        out.write(MAGIC);
    }

    private List<ArrowBlock> writeDictionaries() throws IOException {
        List<ArrowBlock> blocks = new ArrayList<>();
        for (Values.Factors factors : schema.dictionaries()) {
            Values levels = new Values.Texts(factors.levels());
            Column column = new Column("levels", new ArrowType.Utf8(), levels);
            ArrowBatch batch = new ArrowBatch(List.of(column), new Table.Slice(0, levels.size()));
            FlatBufferBuilder builder = new FlatBufferBuilder();
            int header = DictionaryBatch.createDictionaryBatch(builder, blocks.size(), batch.header(builder), false);
            blocks.add(write(batch, builder, MessageHeader.DictionaryBatch, header));
        }
        return blocks;
    }

    private List<ArrowBlock> writeBatches() throws IOException {
        List<ArrowBlock> blocks = new ArrayList<>();
        for (Table.Slice slice : table.slices(BATCH_ROWS)) {
            ArrowBatch batch = new ArrowBatch(table.columns(), slice);
            FlatBufferBuilder builder = new FlatBufferBuilder();
            blocks.add(write(batch, builder, MessageHeader.RecordBatch, batch.header(builder)));
        }
        return blocks;
    }

    private ArrowBlock write(ArrowBatch batch, FlatBufferBuilder builder, byte type, int header) throws IOException {
        long start = out.getCurrentPosition();
        ByteBuffer message =
                MessageSerializer.serializeMessage(builder, type, header, batch.bodyBytes(), IpcOption.DEFAULT);
        MessageSerializer.writeMessageBuffer(out, message.remaining(), message);
        long bodyStart = out.getCurrentPosition();
        for (ByteBuffer buffer : batch.buffers()) {
            int padding = ArrowBatch.padding(buffer);
            out.write(buffer);
            out.writeZeros(padding);
        }
        return new ArrowBlock(start, (int) (bodyStart - start), out.getCurrentPosition() - bodyStart);
    }
}
