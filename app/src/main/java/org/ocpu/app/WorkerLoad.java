package org.ocpu.app;

/**
 * How busy the workers are.
 *
 * @param running requests that have a worker
 * @param max how many may ({@code workers.max})
 * @param waiting requests that wait for one, but for those of the server itself
 * @param queue how many may ({@code workers.queue})
 * @param clients of which something runs or waits
 */
public record WorkerLoad(int running, int max, int waiting, int queue, int clients) {}
