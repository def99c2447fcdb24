package org.ocpu.app.table;

import io.airlift.compress.snappy.SnappyCompressor;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Compresses Parquet's pages by Snappy written in Java, for parquet-hadoop's own is native code that it unpacks and loads. */
final class Snappy implements BytesInputCompressor {
    private final SnappyCompressor compressor = new SnappyCompressor();

    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
        byte[] plain = bytes.toInputStream().readAllBytes();
        byte[] compressed = new byte[compressor.maxCompressedLength(plain.length)];
        int length = compressor.compress(plain, 0, plain.length, compressed, 0, compressed.length);
        return BytesInput.from(compressed, 0, length);
    }

    @Override
    public CompressionCodecName getCodecName() {
        return CompressionCodecName.SNAPPY;
    }

    /** Nothing is held between pages. */
    @Override
    public void release() {}
}
