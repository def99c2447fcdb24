package org.ocpu.webapp;

import java.nio.charset.StandardCharsets;

/**
 * What a client of the fuzz test sends.
 *
 * @param number by which it can be made again
 * @param bytes one request, several in a row, or no request at all
 * @param sound whether it is as HTTP wants it, and asks for the connection to be closed
 */
record FuzzedRequest(int number, byte[] bytes, boolean sound) {

    boolean isHead() {
        return text().stripLeading().startsWith("HEAD "); // empty lines before a request are to be ignored
    }

    /** As it can be read in a report. */
    String text() {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.length() > 4_000 ? text.substring(0, 4_000) + "... (" + bytes.length + " bytes)" : text;
    }
}
