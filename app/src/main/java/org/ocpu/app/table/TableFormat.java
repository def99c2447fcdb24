package org.ocpu.app.table;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.ocpu.app.rdata.RValue;

/** The binary table formats that an R data frame can be written in. */
public enum TableFormat {
    /** Feather version 2, which is Arrow's IPC file; not compressed, because Arrow's JavaScript reader brings no codec. */
    FEATHER("application/feather", "feather"),
    /** Arrow's IPC stream, not compressed. */
    ARROWIPC("application/arrowipc", "arrow"),
    /** Parquet with pages compressed by Snappy. */
    PARQUET("application/parquet", "parquet");

    private static final int BUFFER_BYTES = 1 << 16;

    private final String mediaType;
    private final String extension;

    TableFormat(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    /** The format with this name in URLs. */
    public static Optional<TableFormat> named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.urlName().equals(name))
                .findFirst();
    }

    /** The name in URLs: {@code feather}, {@code arrowipc}, {@code parquet}. */
    public String urlName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String mediaType() {
        return mediaType;
    }

    /** The usual end of a file's name, without the dot. */
    public String extension() {
        return extension;
    }

    /**
     * Writes a data frame.
     *
     * @param out is flushed, not closed
     * @throws NotTabularException before anything is written when {@code value} is no data frame, or has a column that the
     *     format cannot hold
     */
    public void write(RValue value, OutputStream out) throws IOException {
        Table table = Table.of(value, urlName());
        BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
        switch (this) {
            case FEATHER -> ArrowIpc.writeFile(table, buffered);
            case ARROWIPC -> ArrowIpc.writeStream(table, buffered);
            case PARQUET -> ParquetFile.write(table, buffered);
        }
        buffered.flush();
    }
}
