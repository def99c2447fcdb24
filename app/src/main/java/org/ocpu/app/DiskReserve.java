package org.ocpu.app;

import java.nio.file.Path;
import java.util.Map;

/**
 * What is to stay free of a disk ({@code disk.reserve}, bytes, 209715200): when less is, nothing more is taken from outside, while
 * what was taken can still be finished, and reading goes on.
 *
 * @param bytes 0 for a disk that may fill up
 */
public record DiskReserve(long bytes) {
    /** The setting. */
    public static final String KEY = "disk.reserve";

    public DiskReserve {
        AppConfig.require(bytes >= 0, KEY, bytes);
    }

    /**
     * Reads the setting.
     *
     * @throws IllegalArgumentException naming it, when it is no number of bytes
     */
    public static DiskReserve from(Map<String, String> settings) {
        return new DiskReserve(AppConfig.size(settings, KEY, 200L << 20));
    }

    /** Whether less is free where that directory, which is to be there, is. One system call; a {@code FileStore} costs many. */
    public boolean reached(Path directory) {
        return directory.toFile().getUsableSpace() < bytes;
    }
}
