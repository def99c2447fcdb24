package org.ocpu.app;

import java.util.Optional;

/** There is no room for anything new, while what is there can still be read. */
public final class DiskFullException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** What the C library calls ENOSPC and EDQUOT. */
    private static final String[] SIGNS = {"No space left on device", "Disk quota exceeded"};

    public DiskFullException(String message) {
        super(message);
    }

    /** Before anything was begun. */
    static DiskFullException nearly(DiskReserve reserve) {
        return new DiskFullException("The disk of this server is nearly full: less than " + DiskReserve.KEY + " = "
                + reserve.bytes() + " bytes are free, so no new session is made. What is there can still be read.");
    }

    /** While a call was working. */
    static DiskFullException during() {
        return new DiskFullException(
                "The disk of this server became full during the call, of which nothing is kept. Try again later.");
    }

    /** That exception, or this one in its place when it is for want of room. */
    static RuntimeException orSame(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isSign(Optional.ofNullable(cause.getMessage()))) {
                DiskFullException full = during();
                full.initCause(failure);
                return full;
            }
        }
        return failure;
    }

    /** Whether a message tells of a full disk. */
    static boolean isSign(Optional<String> message) {
        for (String sign : SIGNS) {
            if (message.filter(text -> text.contains(sign)).isPresent()) {
                return true;
            }
        }
        return false;
    }
}
