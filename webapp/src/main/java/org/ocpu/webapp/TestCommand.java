package org.ocpu.webapp;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Listed here for {@code --help}; the launcher script runs it, since it needs the sources and Maven. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Install what the tests need and run all of them.")
final class TestCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new WebappException("Run ./ocpu test in the source tree.");
    }
}
