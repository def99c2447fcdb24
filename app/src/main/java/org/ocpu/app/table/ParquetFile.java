package org.ocpu.app.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

/**
 * Writes a table as a Parquet file.
 *
 * <p>Its metadata have the Arrow schema under {@value #ARROW_SCHEMA}, as R's arrow writes it: readers of the Arrow family find
 * there what Parquet's types do not say, such as factors, durations and the names of time zones.
 */
final class ParquetFile {
    static final String ARROW_SCHEMA = "ARROW:schema";

    /** Rows of a row group, which the memory for a slice may make fewer. */
    private static final int GROUP_ROWS = 1 << 20;

    private static final ParquetProperties PROPERTIES =
            ParquetProperties.builder().build();

    private static final FileEncryptionProperties NO_ENCRYPTION = null;

    private final Table table;
    private final MessageType schema;
    private final ParquetFileWriter file;

    private ParquetFile(Table table, MessageType schema, ParquetFileWriter file) {
        this.table = table;
        this.schema = schema;
        this.file = file;
    }

    static void write(Table table, OutputStream out) throws IOException {
        if (table.columns().isEmpty()) {
            writeFooter(table.rows(), out);
            return;
        }
        MessageType schema = ParquetSchema.of(table.columns());
        try (ParquetFileWriter file = open(schema, out)) {
            new ParquetFile(table, schema, file).write();
        }
    }

    private static ParquetFileWriter open(MessageType schema, OutputStream out) throws IOException {
        return new ParquetFileWriter(
                new StreamOutput(out),
                schema,
                ParquetFileWriter.Mode.CREATE,
                StreamOutput.NO_BLOCKS,
                0,
                NO_ENCRYPTION,
                PROPERTIES);
    }

    private void write() throws IOException {
        file.start();
        for (Table.Slice slice : table.slices(GROUP_ROWS)) {
            writeRowGroup(slice);
        }
        file.end(Map.of(ARROW_SCHEMA, arrowSchema(table)));
    }

    /** A file without columns, which parquet-hadoop refuses to write. */
    private static void writeFooter(int rows, OutputStream out) throws IOException {
        SchemaElement root = new SchemaElement("schema").setNum_children(0);
        RowGroup all = new RowGroup(List.of(), 0, rows);
        ByteArrayOutputStream footer = new ByteArrayOutputStream();
        Util.writeFileMetaData(
                new FileMetaData(ParquetFileWriter.CURRENT_VERSION, List.of(root), rows, List.of(all)), footer);
        out.write(ParquetFileWriter.MAGIC);
        footer.writeTo(out);
        BytesUtils.writeIntLittleEndian(out, footer.size());
        out.write(ParquetFileWriter.MAGIC);
    }

    private static String arrowSchema(Table table) {
        byte[] message = new ArrowSchema(table.columns()).schema().serializeAsMessage();
        return Base64.getEncoder().encodeToString(message);
    }

    private void writeRowGroup(Table.Slice slice) throws IOException {
        try (ColumnChunkPageWriteStore pages = new ColumnChunkPageWriteStore(
                        new Snappy(), schema, PROPERTIES.getAllocator(), PROPERTIES.getColumnIndexTruncateLength());
                ColumnWriteStore columns = PROPERTIES.newColumnWriteStore(schema, pages)) {
            writeRows(slice, columns);
            file.startBlock(slice.rows());
            columns.flush();
            pages.flushToFileWriter(file);
            file.endBlock();
        }
    }

    private void writeRows(Table.Slice slice, ColumnWriteStore columns) {
        Iterator<ColumnWriter> leaves =
                schema.getColumns().stream().map(columns::getColumnWriter).iterator();
        List<ParquetRow> writers = table.columns().stream()
                .map(column -> ParquetRow.of(column, leaves))
                .toList();
        for (int row = slice.from(); row < slice.to(); row++) {
            for (ParquetRow writer : writers) {
                writer.write(row, 0, 0);
            }
            columns.endRecord();
        }
    }
}
