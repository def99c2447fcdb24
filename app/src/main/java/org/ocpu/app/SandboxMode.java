package org.ocpu.app;

import java.util.Locale;
import java.util.Map;

/** Whether workers and builds are confined: the setting {@code sandbox}. */
public enum SandboxMode {
    /** With all that this machine offers. */
    AUTO,
    /** With all of it, or the server does not start. */
    REQUIRED,
    /** Not at all. */
    OFF;

    public static final String KEY = "sandbox";

    /** As the setting is written. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the settings say. */
    public static SandboxMode from(Map<String, String> settings) {
        String text = settings.getOrDefault(KEY, "auto").strip();
        return switch (text) {
            case "auto" -> AUTO;
            case "required" -> REQUIRED;
            case "off" -> OFF;
            default -> throw new IllegalArgumentException(KEY + " is none of auto, required and off: " + text);
        };
    }
}
