package org.ocpu.app.rexp;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.ocpu.app.rdata.RDataHeader;
import org.ocpu.app.rdata.RDataWriter;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rexp.Rexp.REXP;
import org.ocpu.app.rexp.Rexp.REXP.RClass;

/** As R serializes it, which is done anew to count the bytes and to write them, rather than keep them. */
record NativeField(RValue value, RDataHeader header) implements Field {
    @Override
    public RClass rclass() {
        return RClass.NATIVE;
    }

    private long length() throws IOException {
        Counter counter = new Counter();
        RDataWriter.write(value, header, counter);
        return counter.count;
    }

    @Override
    public long size() throws IOException {
        return Field.delimited(REXP.NATIVEVALUE_FIELD_NUMBER, length());
    }

    @Override
    public void write(CodedOutputStream out) throws IOException {
        Field.begin(out, REXP.NATIVEVALUE_FIELD_NUMBER, length());
        RDataWriter.write(value, header, new MessageStream(out));
    }

    /** Counts what is written to it. */
    private static final class Counter extends OutputStream {
        private long count;

        @Override
        public void write(int value) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            count += length;
        }
    }

    /** A message being written, as a stream. */
    private static final class MessageStream extends OutputStream {
        private final CodedOutputStream out;

        MessageStream(CodedOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            out.writeRawByte(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.writeRawBytes(bytes, offset, length);
        }
    }
}
