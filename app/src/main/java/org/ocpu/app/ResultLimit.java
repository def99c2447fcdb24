package org.ocpu.app;

/** The most bytes that one answer may have ({@code result.max}). */
record ResultLimit(long bytes) {

    /** The same, to be given away; what is too large is closed. */
    Rendered check(Rendered rendered) {
        long length = rendered.content().length();
        if (length > bytes) {
            rendered.content().close();
            throw new TooLargeException("The result has " + length + " bytes in this format, which is more than "
                    + AppConfig.MAX_RESULT + " = " + bytes + " bytes.");
        }
        return rendered;
    }
}
