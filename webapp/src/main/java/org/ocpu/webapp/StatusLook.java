package org.ocpu.webapp;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.ocpu.app.EngineView;
import org.ocpu.app.EnginesView;
import org.ocpu.app.RpcService;
import org.ocpu.builder.BuildService;

/**
 * Looks at how the server is.
 *
 * @param reserve bytes that are to stay free of the data directory's disk
 */
record StatusLook(
        RpcService rpc, BuildService builds, RunningRequests requests, Health health, Path data, long reserve) {
    private static final Path OWN_STATUS = Path.of("/proc/self/status");

    /** @param engines as they were looked at last, which takes too long to do each time */
    StatusView now(EnginesView engines) {
        File disk = data.toFile();
        return new StatusView(
                Instant.now(),
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()),
                rpc.r().title(),
                rpc.load(),
                requests.running(),
                builds.load(),
                engines.engines().size(),
                engines.engines().stream().mapToInt(EngineView::idle).sum(),
                memory(engines.memory()),
                new StatusView.Disk(disk.getUsableSpace(), disk.getTotalSpace(), reserve),
                health.problems());
    }

    static MetricPoint.Memory memory(long engines) {
        Runtime java = Runtime.getRuntime();
        return new MetricPoint.Memory(java.totalMemory() - java.freeMemory(), java.maxMemory(), resident(), engines);
    }

    /** Bytes of memory that this process takes, see proc(5). */
    private static long resident() {
        try (Stream<String> lines = Files.lines(OWN_STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
