package org.ocpu.builder;

import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Values of settings as what they mean; each complaint names the key and the value. */
record Settings(Map<String, String> values) {
    /** Who signs in at an address, and with what; also where a slash in the password makes it no address. */
    private static final Pattern SIGN_IN = Pattern.compile("//(?:[^/]*|[^/:\\[]*:[^/]*[^/0-9][^/]*/.*)@");

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** All settings {@code prefix.NAME} by the name in lower case, and {@code prefix} itself by the empty name. */
    Map<String, String> named(String prefix) {
        Map<String, String> found = new HashMap<>();
        text(prefix).ifPresent(value -> found.put("", value));
        values.keySet().stream().filter(key -> key.startsWith(prefix + ".")).forEach(key -> text(key)
                .ifPresent(value -> found.put(key.substring(prefix.length() + 1).toLowerCase(Locale.ROOT), value)));
        return Map.copyOf(found);
    }

    URI address(String key, String fallback, Set<String> schemes) {
        return address(key, schemes, text(key).orElse(fallback));
    }

    Optional<URI> address(String key, Set<String> schemes) {
        return text(key).map(value -> address(key, schemes, value));
    }

    static URI address(String key, Set<String> schemes, String value) {
        String bare = value.replaceAll("/+$", "");
        try {
            URI address = URI.create(bare);
            if (address.getScheme() != null && schemes.contains(address.getScheme())) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw bad(key, withoutSignIn(value), "not an address");
        }
        throw bad(
                key,
                withoutSignIn(value),
                "must begin with one of " + schemes.stream().sorted().toList());
    }

    /** Without the password, so that it can be told. */
    private static String withoutSignIn(String address) {
        return SIGN_IN.matcher(address).replaceAll("//...@");
    }

    /** The address of what reports and pages name as the source of packages: anybody may read it. */
    static URI publicAddress(String key, Set<String> schemes, String value) {
        if (SIGN_IN.matcher(value).find()) {
            throw bad(
                    key,
                    withoutSignIn(value),
                    "must have neither a user nor a password in it, since reports and pages show the address");
        }
        return address(key, schemes, value);
    }

    /** Public addresses with commas or spaces between, {@code {...}} in them encoded as URIs need it. */
    List<URI> publicAddresses(String key, String fallback, Set<String> schemes) {
        return Stream.of(text(key).orElse(fallback).split("[,\\s]+"))
                .filter(one -> !one.isEmpty())
                .map(one -> publicAddress(key, schemes, one.replace("{", "%7B").replace("}", "%7D")))
                .toList();
    }

    int number(String key, int fallback) {
        long value = size(key, fallback);
        if (value > Integer.MAX_VALUE) {
            throw bad(key, value, "too large");
        }
        return (int) value;
    }

    /** A whole number of at least 1. */
    long size(String key, long fallback) {
        return size(key, fallback, 1);
    }

    /** A whole number of at least so much. */
    long size(String key, long fallback, long least) {
        String value = text(key).orElse(Long.toString(fallback));
        try {
            long size = Long.parseLong(value);
            if (size < least) {
                throw bad(key, value, "must be at least " + least);
            }
            return size;
        } catch (NumberFormatException e) {
            throw bad(key, value, "not a number");
        }
    }

    boolean flag(String key, boolean fallback) {
        String value = text(key).orElse(Boolean.toString(fallback));
        if (!value.equals("true") && !value.equals("false")) {
            throw bad(key, value, "neither true nor false");
        }
        return value.equals("true");
    }

    <E extends Enum<E>> E choice(String key, E fallback) {
        String value = text(key).orElse(fallback.name());
        E[] all = fallback.getDeclaringClass().getEnumConstants();
        return Arrays.stream(all)
                .filter(one -> one.name().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(
                        () -> bad(key, value, "one of " + Arrays.toString(all).toLowerCase(Locale.ROOT)));
    }

    static IllegalArgumentException bad(String key, Object value, String complaint) {
        return new IllegalArgumentException(key + ": " + value + " (" + complaint + ")");
    }
}
