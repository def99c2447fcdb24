package org.ocpu.app;

/**
 * What came of loading a package in a fresh worker.
 *
 * @param output R's messages, its error, or the text of the crash
 * @param sessionInfo R's {@code sessionInfo()} with the package loaded; empty when it does not load
 */
public record LoadCheck(boolean loads, String output, String sessionInfo) {}
