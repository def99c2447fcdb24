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

    Reconcile(BuildStore store, Reception reception, RemoteHead remote) {
        this.store = store;
        this.reception = reception;
        this.remote = remote;
    }

    /** Never fails as a whole: a repository that cannot be asked now is asked the next time. */
    void run() {
        List<Push> hosted = store.hosted();
        int missed = 0;
        for (Push push : hosted) {
            try {
                missed += look(push) ? 1 : 0;
            } catch (BuildFailure e) {
                log.warn("{} could not be asked for its head: {}", push.app(), e.getMessage());
            }
        }
        log.info("{} repositories were asked, {} pushes had been missed", hosted.size(), missed);
    }

    private boolean look(Push last) {
        Optional<RemoteHead.Head> head = remote.of(last.app(), last.wishes().ref());
        if (head.isEmpty() || store.knows(last.app(), head.get().commit())) {
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
                last.wishes());
        Build build = reception.add(missed, OptionalLong.empty());
        log.info("no delivery told of commit {} of {}: build {}", missed.shortCommit(), last.app(), build.id());
        return true;
    }
}
