package org.ocpu.app;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What engines take of the machine, at one moment. Making one, and asking it for memory, takes milliseconds and more. */
final class EngineLook {
    private final BaseEngine base;
    private final ProcessTree tree;
    private final Set<Long> running;

    EngineLook(BaseEngine base, WorkerWatch watch) {
        this.base = base;
        this.tree = ProcessTree.of(base.pid());
        this.running = watch.running(tree);
    }

    /** Bytes of memory with all that its package has started, and workers that wait; requests that run have limits of their own. */
    long memory(PackageEngine engine) {
        return sum(processes(engine));
    }

    /** Bytes of memory of everything. */
    long memory() {
        return sum(tree.with(base.pid()));
    }

    /** The same of the base engine with its waiting workers. */
    long memoryOfBase(List<PackageEngine> engines) {
        return sum(processesOfBase(engines));
    }

    /** Workers that wait: what has nothing below it. */
    int idle(PackageEngine engine) {
        return leaves(processes(engine));
    }

    int idleOfBase(List<PackageEngine> engines) {
        return leaves(processesOfBase(engines));
    }

    private List<Long> processes(PackageEngine engine) {
        return tree.seen(engine.pid()).map(own -> tree.with(own, running)).orElse(List.of());
    }

    private List<Long> processesOfBase(List<PackageEngine> engines) {
        Set<Long> others = new HashSet<>(running);
        engines.forEach(engine -> tree.seen(engine.pid()).ifPresent(others::add));
        return tree.with(base.pid(), others);
    }

    private int leaves(List<Long> processes) {
        return (int) processes.stream()
                .skip(1) // the engine itself
                .filter(pid -> tree.with(pid).size() == 1)
                .count();
    }

    private static long sum(List<Long> processes) {
        return processes.stream().mapToLong(ProcessTree::proportional).sum();
    }
}
