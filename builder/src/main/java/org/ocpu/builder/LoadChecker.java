package org.ocpu.builder;

import java.nio.file.Path;
import java.time.Duration;
import org.ocpu.app.LoadCheck;

/** Loads a freshly installed package in a worker of its own; an R failure is an answer, not an exception. */
@FunctionalInterface
interface LoadChecker {
    LoadCheck check(Path library, String name, Duration limit);
}
