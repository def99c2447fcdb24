package org.ocpu.app.rdata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class AltrepTest {
    /** {@code serialize(as.call(list(quote(f), 1:5, as.character(c(1.5, 2)), quote(g(y)))), NULL)} */
    private static final byte[] CALL = Base64.getMimeDecoder().decode("""
            WAoAAAADAAQCAgADBQAAAAAFVVRGLTgAAAAGAAAAAQAEAAkAAAABZgAAAAIAAADuAAAAAgAAAAEABAAJAAAADmNvbXBhY3RfaW50
            c2VxAAAAAgAAAAEABAAJAAAABGJhc2UAAAACAAAADQAAAAEAAAANAAAA/gAAAA4AAAADQBQAAAAAAAA/8AAAAAAAAD/wAAAAAAAA
            AAAA/gAAAAIAAADuAAAAAgAAAAEABAAJAAAAD2RlZmVycmVkX3N0cmluZwAAAAIAAAP/AAAAAgAAAA0AAAABAAAAEAAAAP4AAAAC
            AAAADgAAAAI/+AAAAAAAAEAAAAAAAAAAAAAADQAAAAEAAAAAAAAA/gAAAAIAAAAGAAAAAQAEAAkAAAABZwAAAAIAAAABAAQACQAA
            AAF5AAAA/gAAAP4=
            """);

    /** {@code serialize(list(1:3), NULL)} */
    private static final byte[] LIST = Base64.getMimeDecoder().decode("""
            WAoAAAADAAQCAgADBQAAAAAFVVRGLTgAAAATAAAAAQAAAO4AAAACAAAAAQAEAAkAAAAOY29tcGFjdF9pbnRzZXEAAAACAAAAAQAE
            AAkAAAAEYmFzZQAAAAIAAAANAAAAAQAAAA0AAAD+AAAADgAAAANACAAAAAAAAD/wAAAAAAAAP/AAAAAAAAAAAAD+
            """);

    @Test
    void withinCodeVectorsAreWrittenBackAsRWroteThem() {
        RDataReader reader = new RDataReader(new ByteArrayInputStream(CALL), RDataReader.DEFAULT_LIMIT);
        RValue call = reader.read();
        assertArrayEquals(CALL, RDataWriter.bytes(call, reader.header()));
    }

    @Test
    void inDataVectorsArePlain() {
        RList list = (RList) RDataReader.read(new ByteArrayInputStream(LIST));
        assertEquals(List.of(RInteger.of(1, 2, 3)), list.values());
    }
}
