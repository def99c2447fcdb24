package org.ocpu.builder;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What comes out of a package's file, as far as it is not too much. */
final class CountedStream extends FilterInputStream {
    private final String name;
    private final long most;
    private long count;
    private long bound = Long.MAX_VALUE;

    /** @param name of the package */
    CountedStream(InputStream in, String name, long most) {
        super(in);
        this.name = name;
        this.most = most;
    }

    /** From here on only so much may come, until {@link #unbind}. */
    void bind(long more) {
        bound = count + more;
    }

    void unbind() {
        bound = Long.MAX_VALUE;
    }

    @Override
    public int read() throws IOException {
        int read = in.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = in.read(bytes, offset, length);
        count(Math.max(0, read));
        return read;
    }

    @Override
    public long skip(long length) throws IOException {
        long skipped = in.skip(Math.min(length, 1 << 20));
        count(skipped);
        return skipped;
    }

    private void count(long more) {
        count += more;
        if (count > most) {
            throw TarballPaths.refused(name, "it holds more than " + Words.size(most));
        }
        if (count > bound) {
            throw TarballPaths.refused(name, "the names of an entry are too long");
        }
    }
}
