package org.ocpu.builder;

import java.time.Instant;
import java.util.Optional;

/** One stage of a build: {@code checkout}, {@code install}, {@code check}, {@code publish}, {@code report} or {@code queue}. */
public record StageView(String name, State state, Optional<Instant> start, Optional<Instant> end) {}
