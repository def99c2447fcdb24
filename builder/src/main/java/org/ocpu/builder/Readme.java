package org.ocpu.builder;

import java.net.URI;
import java.util.Optional;

/**
 * The README of an app's live version.
 *
 * @param path in the repository, which tells what it is written in
 * @param repository the repository's page; absent for what was pushed to this server
 * @param commit that the version was made from
 * @param open whether anyone may read the repository
 */
public record Readme(String text, String path, Optional<URI> repository, String commit, boolean open) {}
