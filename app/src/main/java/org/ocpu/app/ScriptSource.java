package org.ocpu.app;

/**
 * What a script comes from that is in no package.
 *
 * @param place such as {@code gist/ada/0a1b}; sessions tell of it
 * @param stamp tells versions of one place apart
 */
public record ScriptSource(String place, String stamp) {}
