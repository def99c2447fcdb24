package org.ocpu.app;

import java.util.Map;
import java.util.Optional;

/**
 * How to answer.
 *
 * @param format an output format such as {@code json}; absent for a call whose session's list is wanted
 * @param options handed to the R function that makes the format, such as {@code digits} for {@code toJSON}
 */
public record Output(Optional<String> format, Map<String, String> options) {}
