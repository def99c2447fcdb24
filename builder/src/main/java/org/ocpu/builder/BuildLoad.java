package org.ocpu.builder;

/**
 * How busy the builder is.
 *
 * @param running builds that run
 * @param max how many may at once ({@code builds.parallel})
 * @param queued builds that wait
 */
public record BuildLoad(int running, int max, int queued) {}
