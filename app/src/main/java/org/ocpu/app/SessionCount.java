package org.ocpu.app;

/**
 * How much the calls of one package, or of one user's gists, left.
 *
 * @param place the package's address below the API's root, in lower case, such as {@code apps/ada/hello}; {@code gist/ada} for gists
 * @param made sessions ever made; without those that a crash of the server kept from being counted
 * @param kept sessions that are there now
 * @param bytes of disk that these take
 */
public record SessionCount(String place, long made, long kept, long bytes) {}
