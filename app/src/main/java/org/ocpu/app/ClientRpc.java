package org.ocpu.app;

import java.nio.file.Path;
import java.util.Optional;

/** What one client asks of the core, as {@link RpcService} says. Thread-safe. */
public final class ClientRpc {
    private final Client client;
    private final Libraries libraries;
    private final Renderer renderer;
    private final Caller caller;

    ClientRpc(Client client, Libraries libraries, Renderer renderer, Caller caller) {
        this.client = client;
        this.libraries = libraries;
        this.renderer = renderer;
        this.caller = caller;
    }

    /** What was asked for, kept from before or made by a worker. */
    public Rendered read(Reading reading) {
        return renderer.read(client, reading);
    }

    /** Calls a package's function and keeps what the call leaves. */
    public Made call(PackageRef ref, String function, Arguments arguments, Output output) {
        return caller.make(client, Invocation.function(ref, function, arguments, output));
    }

    /** Calls a function that a session holds. */
    public Made call(Session session, String function, Arguments arguments, Output output) {
        return caller.make(client, Invocation.function(session, function, maker(session), arguments, output));
    }

    /** Runs a script that a package holds and keeps what it leaves. */
    public Made run(PackageRef ref, Path script, Arguments arguments, Output output) {
        return caller.make(client, Invocation.script(Optional.of(ref), ref, script, arguments, output));
    }

    /** Runs a script that a session holds. */
    public Made run(Session session, Path script, Arguments arguments, Output output) {
        return caller.make(client, Invocation.script(session, maker(session), script, arguments, output));
    }

    /** Runs a script that is in no package, in a worker that has only what every R has. */
    public Made run(ScriptSource source, Path script, Arguments arguments, Output output) {
        PackageRef maker = libraries.globalPackage("base").madeFrom(source);
        return caller.make(client, Invocation.script(Optional.empty(), maker, script, arguments, output));
    }

    private PackageRef maker(Session session) {
        return session.madeBy().orElseGet(() -> libraries.globalPackage("base"));
    }

    /** All that a session holds. */
    public SessionArchive archive(Session session) {
        return new SessionArchive(session, read(Reading.savedObjects(session)));
    }
}
