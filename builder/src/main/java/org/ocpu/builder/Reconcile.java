package org.ocpu.builder;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks each hosted app's repository what it should be, and builds what no delivery told of. */
final class Reconcile {
    private static final Logger log = LoggerFactory.getLogger(Reconcile.class);

    private final BuildStore store;
    private final Reception reception;
    private final RemoteHead remote;
    private final StopSignal stop;

    Reconcile(BuildStore store, Reception reception, RemoteHead remote, StopSignal stop) {
        this.store = store;
        this.reception = reception;
        this.remote = remote;
        this.stop = stop;
    }

    /**
     * A repository that cannot be asked now is asked the next time.
     *
     * @throws BuildStopped when the server closes
     */
    void run() {
        List<Push> hosted = store.hosted();
        int missed = 0;
        for (Push push : hosted) {
            try {
                stop.check();
                missed += look(push) ? 1 : 0;
            } catch (BuildStopped e) {
                throw e;
            } catch (BuildFailure e) {
                log.warn("{} could not be asked for its head: {}", push.app(), e.getMessage());
            } catch (RuntimeException e) { // of this repository; the others are looked at all the same
                log.error("{} could not be reconciled", push.app(), e);
            }
        }
        log.info("{} repositories were asked, {} pushes had been missed", hosted.size(), missed);
    }

    private boolean look(Push last) {
        Optional<RemoteHead.Head> head = remote.of(last.app(), last.wishes().ref());
        Optional<String> newest = store.newestCommit(last.app());
        if (head.isEmpty() || newest.equals(head.map(RemoteHead.Head::commit))) {
            return false;
        }
        Push missed = new Push(
                last.app(),
                last.directory(),
                head.get().ref(),
                head.get().commit(),
                Optional.empty(),
                false,
                Optional.empty(),
                last.pusher(),
                last.owner(),
                List.of(),
                last.open(),
                last.wishes());
        Build build = reception.add(missed, OptionalLong.empty());
        log.info("no delivery told of commit {} of {}: build {}", missed.shortCommit(), last.app(), build.id());
        return true;
    }
}
