package org.ocpu.builder;

import java.nio.file.Path;

/**
 * Where and how long a command runs.
 *
 * @param work a directory of its own
 */
record Workplace(Path work, Deadline deadline, StopSignal stop) {}
