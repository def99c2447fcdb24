package org.ocpu.builder;

/** One commit of a push, bounded: what the mail tells about it. */
record PushedCommit(String id, String message, String author) {}
