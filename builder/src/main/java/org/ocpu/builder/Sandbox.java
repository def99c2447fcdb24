package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.ocpu.app.ControlGroup;
import org.ocpu.app.ControlGroups;
import org.ocpu.app.SandboxMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the commands of builds run in, made of all that works on this machine: bubblewrap around them, a user of their own
 * when the server is root, control groups and resource limits. Thread-safe.
 *
 * <p>Whatever of it is there, a command has a session of its own, so that a Ctrl-C meant for the server does not reach it,
 * dies with the thread that started it, and leaves no process and no link out of its directories.
 */
final class Sandbox {
    private static final Logger log = LoggerFactory.getLogger(Sandbox.class);
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Whoever calls a function or delivers a push comes before whoever waits for a build. */
    private static final List<String> YIELDING = List.of("nice", "-n", "10");

    private final BuilderConfig.Limits limits;
    private final Tools tools;

    /** What works here. */
    private record Tools(
            boolean root, Optional<Bubblewrap> bubblewrap, Optional<BuildUsers> users, Optional<ControlGroups> groups) {
        boolean complete() {
            return bubblewrap.isPresent() && (!root || users.isPresent());
        }

        boolean limitsMemory() {
            return groups.filter(ControlGroups::limitMemory).isPresent();
        }

        /** Whether the kernel's count of a user's processes is that of one command. */
        boolean countsProcesses() {
            return users.isPresent() || (bubblewrap.isPresent() && !root);
        }

        boolean limitsProcesses() {
            return countsProcesses()
                    || groups.filter(ControlGroups::limitProcesses).isPresent();
        }
    }

    private Sandbox(BuilderConfig.Limits limits, Tools tools) {
        this.limits = limits;
        this.tools = tools;
    }

    /**
     * Tries what works here, and says so in the server's log.
     *
     * @throws IllegalArgumentException when less works than {@code sandbox: required} asks for
     * @param data the server's data, which no command sees
     * @param work where the directories of builds are
     */
    static Sandbox detect(BuilderConfig.Limits limits, Path data, Path work) {
        return detect(limits, data, work, "bwrap");
    }

    /** @param program bubblewrap */
    static Sandbox detect(BuilderConfig.Limits limits, Path data, Path work, String program) {
        boolean root = "root".equals(System.getProperty("user.name"));
        Optional<Bubblewrap> none = Optional.empty();
        List<Path> r = RDirectories.find();
        Optional<BuildUsers> users = root ? Optional.of(new BuildUsers()) : Optional.empty();
        Optional<ControlGroups> groups = ControlGroups.find("build", limits.memory(), limits.processes());
        if (limits.mode() == SandboxMode.OFF) {
            log.warn("builds are NOT CONFINED ({}: off): they can do what the server can", SandboxMode.KEY);
            return new Sandbox(limits, new Tools(root, none, Optional.empty(), Optional.empty()));
        }
        Sandbox sandbox = List.of(
                        new Tools(root, Optional.of(new Bubblewrap(program, root, data, r)), users, groups),
                        new Tools(root, Optional.of(new Bubblewrap(program, false, data, r)), Optional.empty(), groups),
                        new Tools(root, none, users, groups))
                .stream()
                .map(tools -> new Sandbox(limits, tools))
                .filter(candidate -> candidate.works(work))
                .findFirst()
                .orElseGet(() -> new Sandbox(limits, new Tools(root, none, Optional.empty(), groups)));
        if (limits.mode() == SandboxMode.REQUIRED && !sandbox.tools.complete()) {
            throw new IllegalArgumentException(
                    SandboxMode.KEY + ": required, but builds would run " + sandbox.description());
        }
        sandbox.tell();
        return sandbox;
    }

    /** How commands are confined, as the end of a sentence that begins with "builds run". */
    String description() {
        List<String> parts = new ArrayList<>();
        parts.add(
                tools.bubblewrap().isPresent()
                        ? "in bubblewrap"
                        : "WITHOUT A SANDBOX (bubblewrap does not work here, or sandbox: off)");
        if (tools.users().isPresent()) {
            parts.add("each as a user of its own");
        } else {
            parts.add(tools.root() ? "AS ROOT (users of their own do not work here)" : "as the server's user");
        }
        parts.add(tools.limitsMemory() ? "memory limited for each build" : "memory limited for each process");
        parts.add(tools.limitsProcesses() ? "number of processes limited" : "number of processes NOT limited");
        return String.join(", ", parts);
    }

    /**
     * Runs a command in a build's directory. When this returns, or throws, nothing of it runs any more, and what it could
     * write to holds plain files of the server's user and links that stay inside.
     *
     * @param lines hears its output, on another thread
     * @throws BuildFailure when it was ended at a limit
     * @throws BuildStopped when the server closes
     */
    SandboxedCommand.Outcome run(BuildRun run, SandboxedCommand command, Consumer<String> lines) throws IOException {
        return run(new Workplace(run.work(), run.deadline(), run.stop()), command, lines, said -> run.log()
                .line(command.stage(), run.withoutPaths(said)));
    }

    /**
     * The same for what is not a build of an app.
     *
     * @param notes hears what had to be done to what the command left
     */
    SandboxedCommand.Outcome run(
            Workplace inside, SandboxedCommand command, Consumer<String> lines, Consumer<String> notes)
            throws IOException {
        return confined(inside, command, lines, notes);
    }

    private SandboxedCommand.Outcome confined(
            Workplace inside, SandboxedCommand command, Consumer<String> lines, Consumer<String> notes)
            throws IOException {
        LimitSigns signs = new LimitSigns(limits);
        try (Confines confines = confines(inside)) {
            Handover handover = new Handover(command.writable(), confines.userId());
            handover.give();
            new Handover(confines.rooms().all(), confines.userId()).give();
            int exit = new ChildProcess(
                            process(confines, command, inside.deadline()),
                            inside.deadline(),
                            inside.stop(),
                            line -> {
                                signs.hear(line);
                                lines.accept(line);
                            },
                            confines)
                    .call();
            handover.takeBack().forEach(path -> notes.accept("removed what leads out of the build: " + path));
            confines.watch().measure();
            return new SandboxedCommand.Outcome(exit, signs.exceeded(exit, confines.group()));
        }
    }

    private ProcessBuilder process(Confines confines, SandboxedCommand command, Deadline deadline) throws IOException {
        List<String> all = new ArrayList<>(YIELDING);
        confines.group().ifPresent(group -> all.addAll(group.prefix()));
        all.addAll(tools.bubblewrap()
                .map(bubblewrap -> bubblewrap.prefix(command, confines.rooms()))
                .orElse(processGroup()));
        confines.user().ifPresent(user -> all.addAll(user.prefix()));
        all.addAll(new ResourceLimits(limits, tools.countsProcesses(), !tools.limitsMemory())
                .prefix(deadline.remaining()));
        all.addAll(command.command());
        ProcessBuilder process =
                new ProcessBuilder(all).directory(confines.rooms().home().toFile());
        process.environment().clear();
        process.environment().putAll(environment(confines.rooms()));
        process.environment().putAll(command.environment());
        return process;
    }

    private Map<String, String> environment(Rooms rooms) {
        String temporary =
                tools.bubblewrap().isPresent() ? "/tmp" : rooms.temporary().toString();
        return Map.of(
                "PATH",
                System.getenv().getOrDefault("PATH", PATH),
                "LANG",
                "C.UTF-8",
                "TZ",
                "UTC",
                "HOME",
                rooms.home().toString(),
                "TMPDIR",
                temporary);
    }

    /** Without bubblewrap: a process group, ended as a whole when the server is. */
    static List<String> processGroup() {
        return List.of(
                "setsid",
                "setpriv",
                "--pdeathsig",
                "TERM",
                "sh",
                "-c",
                "trap 'kill -KILL 0' TERM; \"$@\" & wait $!",
                "sh");
    }

    /** What one command is confined by while it runs. */
    private record Confines(Rooms rooms, Optional<BuildUser> user, Optional<ControlGroup> group, DiskWatch watch)
            implements ChildProcess.Guard, AutoCloseable {
        OptionalInt userId() {
            return user.map(own -> OptionalInt.of(own.id())).orElse(OptionalInt.empty());
        }

        @Override
        public void look() {
            watch.look();
        }

        @Override
        public void sweep() {
            user.ifPresent(BuildUser::killAll);
            group.ifPresent(ControlGroup::killAll);
            if (user.isEmpty() && group.isEmpty()) {
                rooms.endInhabitants();
            }
        }

        @Override
        public void close() {
            rooms.close();
            group.ifPresent(ControlGroup::close);
            user.ifPresent(BuildUser::close);
        }
    }

    private Confines confines(Workplace inside) throws IOException {
        Rooms rooms = Rooms.in(inside.work());
        Optional<BuildUser> user =
                tools.users().isPresent() ? Optional.of(tools.users().get().take()) : Optional.empty();
        try {
            Optional<ControlGroup> group = tools.groups().isPresent()
                    ? Optional.of(tools.groups().get().make())
                    : Optional.empty();
            return new Confines(rooms, user, group, new DiskWatch(inside.work(), limits.disk()));
        } catch (IOException e) {
            user.ifPresent(BuildUser::close);
            throw e;
        }
    }

    /** Whether a command runs in it and can write where it may. */
    private boolean works(Path work) {
        Path probe = work.resolve("probe-" + ProcessHandle.current().pid());
        List<String> said = new ArrayList<>();
        try {
            Path library = Files.createDirectories(probe.resolve("library"));
            List<String> touch =
                    List.of("sh", "-c", ": > \"$0\"", library.resolve("written").toString());
            SandboxedCommand command =
                    new SandboxedCommand(Stage.INSTALL, touch, Map.of(), List.of(), List.of(library));
            Workplace inside = new Workplace(probe, Deadline.in(Duration.ofSeconds(10)), new StopSignal());
            boolean works = confined(inside, command, said::add, said::add).succeeded()
                    && Files.exists(library.resolve("written"));
            log.debug("builds {}: {} {}", description(), works, said);
            return works;
        } catch (IOException | BuilderException e) {
            log.debug("builds do not run {}", description(), e);
            return false;
        } finally {
            Disk.delete(probe);
        }
    }

    private void tell() {
        if (tools.complete()) {
            log.info("builds run {}", description());
        } else {
            log.warn("builds run {}: they can read what the server can", description());
        }
    }
}
