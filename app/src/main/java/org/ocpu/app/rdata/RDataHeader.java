package org.ocpu.app.rdata;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What serialized data say of themselves.
 *
 * @param version of the format, 2 or 3
 * @param writer the version of R that wrote them, as {@code major << 16 | minor << 8 | patch}
 * @param reader the oldest version of R that reads them
 * @param nativeEncoding of strings without a mark of their encoding
 */
public record RDataHeader(int version, int writer, int reader, String nativeEncoding) {
    private static final int R_2_3_0 = 0x020300;
    private static final int R_3_5_0 = 0x030500;

    private static final int LONGEST_ENCODING = 63;
    private static final String UTF_8 = "UTF-8";

    public static final RDataHeader VERSION_2 = new RDataHeader(2, R_3_5_0, R_2_3_0, UTF_8);
    public static final RDataHeader VERSION_3 = new RDataHeader(3, R_3_5_0, R_3_5_0, UTF_8);

    public RDataHeader {
        Objects.requireNonNull(nativeEncoding, "nativeEncoding");
        if (version != 2 && version != 3) {
            throw new RDataException("R's serialization format has version 2 or 3, not " + version);
        }
    }

    static RDataHeader read(Decoder in) {
        int version = in.integer();
        int writer = in.integer();
        int reader = in.integer();
        return new RDataHeader(version, writer, reader, version == 3 ? encoding(in) : UTF_8);
    }

    void write(Encoder out) throws IOException {
        out.bytes(new byte[] {'X', '\n'});
        out.integer(version);
        out.integer(writer);
        out.integer(reader);
        if (version == 3) {
            out.integer(UTF_8.length());
            out.bytes(UTF_8.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static String encoding(Decoder in) {
        int length = in.integer();
        if (length < 0 || length > LONGEST_ENCODING) {
            throw new RDataException("the name of an encoding has " + length + " bytes");
        }
        return new String(in.chars(length), StandardCharsets.US_ASCII);
    }

    /** As this version of R writes it, such as "4.2.2". */
    public RDataHeader writtenBy(String rVersion) {
        int packed = 0;
        for (String part : rVersion.split("\\.", 3)) {
            packed = packed << 8 | Integer.parseInt(part);
        }
        return new RDataHeader(version, packed, reader, nativeEncoding);
    }
}
