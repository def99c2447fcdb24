package org.ocpu.webapp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.ocpu.app.BadRequestException;

/** Text from clients, which is to be UTF-8 without NUL, since R's strings have none. */
final class Utf8 {
    private Utf8() {}

    /**
     * The text of the bytes.
     *
     * @param what the thing that is text, for the message when it is not
     */
    static String decode(byte[] bytes, String what) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw new BadRequestException(what + " contains a NUL character, which R's strings cannot hold.");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new BadRequestException(what + " is not valid UTF-8.", e);
        }
    }

    /** The same bytes when they are such text. */
    static byte[] checked(byte[] bytes, String what) {
        decode(bytes, what);
        return bytes;
    }
}
