package org.ocpu.webapp;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A setting as it is in force, for the admin.
 *
 * @param value absent: it has none; a secret is masked
 * @param usual what it would be if nobody had set it; absent: it would have none
 * @param origin {@code default}, {@code ocpu.conf}, {@code command line} or {@code first start}
 * @param line of {@code ocpu.conf}
 */
record SettingView(
        String key, Optional<String> value, Optional<String> usual, String origin, OptionalInt line, boolean secret) {}
