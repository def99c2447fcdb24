package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
    @Test
    void onlyProcessesBelowAnEngineAreItsWorkers() throws IOException {
        long here = ProcessHandle.current().pid();
        Process engine = new ProcessBuilder("sleep", "60").start();
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessTree tree = ProcessTree.of(here);
            assertEquals(List.of(other.pid()), tree.below(here, (int) other.pid()));
            assertEquals(List.of(), tree.below(engine.pid(), (int) other.pid()));
            assertEquals(List.of(), tree.below(engine.pid(), (int) engine.pid()));
            assertEquals(List.of(), tree.below(engine.pid(), (int) here));
            assertEquals(List.of(), tree.below(engine.pid(), 1));
        } finally {
            engine.destroyForcibly();
            other.destroyForcibly();
        }
    }
}
