package org.ocpu.app.table;

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
import java.util.Base64;
import java.util.List;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.ocpu.app.rdata.Attributes;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RValue;

class ParquetFileTest {
    private static FileMetaData metadata(RValue frame) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TableFormat.PARQUET.write(frame, out);
        byte[] file = out.toByteArray();
        int lengthAt = file.length - 4 - Integer.BYTES;
        int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(lengthAt);
        return Util.readFileMetaData(new ByteArrayInputStream(file, lengthAt - length, length));
    }

    private static SchemaElement element(RValue column) throws IOException {
        return metadata(frame("x", column)).getSchema().get(1);
    }

    @Test
    void onlyDateTimesOfAZoneAreMoments() throws IOException {
        var moment = classed(RDouble.of(0), "POSIXct", "POSIXt");
        assertEquals(
                true,
                element(with(moment, "tzone", RString.of("UTC")))
                        .getLogicalType()
                        .getTIMESTAMP()
                        .isIsAdjustedToUTC());
        assertEquals(
                false,
                element(with(moment, "tzone", RString.of("")))
                        .getLogicalType()
                        .getTIMESTAMP()
                        .isIsAdjustedToUTC());
    }

    @Test
    void pagesAreCompressedBySnappyAndCounted() throws IOException {
        FileMetaData file = metadata(frame("x", RInteger.of(1, RInteger.NA, 3)));
        ColumnMetaData column = file.getRow_groups().get(0).getColumns().get(0).getMeta_data();
        assertEquals(3, file.getNum_rows());
        assertEquals(CompressionCodec.SNAPPY, column.getCodec());
        assertEquals(1, column.getStatistics().getNull_count());
    }

    @Test
    void theArrowSchemaIsInTheMetadata() throws IOException {
        RValue frame = frame("f", factor(new int[] {1}, "a"), "n", RInteger.of(1));
        var entry = metadata(frame).getKey_value_metadata().get(0);
        assertEquals(ParquetFile.ARROW_SCHEMA, entry.getKey());
        byte[] message = Base64.getDecoder().decode(entry.getValue());
        Schema schema = MessageSerializer.deserializeSchema(
                new ReadChannel(Channels.newChannel(new ByteArrayInputStream(message))));
        assertEquals(new ArrowSchema(Table.of(frame, "parquet").columns()).schema(), schema);
    }

    @Test
    void aWideTableHasRowGroupsOfBoundedSize() throws IOException {
        int rows = 1 << 19;
        Object[] columns = new Object[40];
        RDouble zeros = new RDouble(new double[rows], Attributes.NONE);
        for (int i = 0; i < columns.length; i += 2) {
            columns[i] = "c" + i;
            columns[i + 1] = zeros;
        }
        List<Long> groups = metadata(frame(columns)).getRow_groups().stream()
                .map(RowGroup::getNum_rows)
                .toList();
        assertEquals(List.of(131072L, 196608L, 196608L), groups); // at most 32 MB of 20 doubles a row
    }
}
