package org.ocpu.webapp;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which settings nobody is shown, whoever asks. A setting whose name sounds like a secret is either here or known to be none. */
final class SecretSettings {
    /** What stands for a secret. */
    static final String MASK = "***";

    /** The address of a chat's hook is a secret as a whole. */
    private static final Set<String> KEYS =
            Set.of("webhook.secret", "smtp.password", "notify.secret", "notify.url", "github.token");

    /** Of these, each ends in a name of its own. */
    private static final List<String> BEGINNINGS = List.of("github.token.", "auth.");

    /** Lengths and names of files. */
    private static final Set<String> OPEN = Set.of("key.length", "tls.key", "github.key", "github.knownhosts");

    private static final List<String> OPEN_BEGINNINGS = List.of("github.key.");

    private static final Pattern SOUNDS_SECRET =
            Pattern.compile("(?i).*(secret|password|token|key|auth|credential|hash).*");
    private static final Pattern SIGN_IN = Pattern.compile("//[^/\\s]*@");

    private SecretSettings() {}

    static boolean isSecret(String key) {
        return isKnownSecret(key) || (SOUNDS_SECRET.matcher(key).matches() && !isOpen(key));
    }

    /** Whether a person has decided about a key, or its name gives no reason to. */
    static boolean isClassed(String key) {
        return isKnownSecret(key) || isOpen(key) || !SOUNDS_SECRET.matcher(key).matches();
    }

    private static boolean isKnownSecret(String key) {
        return KEYS.contains(key) || BEGINNINGS.stream().anyMatch(key::startsWith);
    }

    private static boolean isOpen(String key) {
        return OPEN.contains(key) || OPEN_BEGINNINGS.stream().anyMatch(key::startsWith);
    }

    /** The value as the admin may see it; who signs in at an address is left out of it. */
    static String shown(String key, String value) {
        return isSecret(key) ? MASK : SIGN_IN.matcher(value).replaceAll("//" + MASK + "@");
    }
}
