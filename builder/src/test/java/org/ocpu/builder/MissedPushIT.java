package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pushes that no delivery told of. */
class MissedPushIT extends BuildFixture {
    @Test
    void aPushWhoseDeliveryWasLostIsBuiltAtTheNextReconcile() throws Exception {
        push(RPackage.answering("stocks", "1.0", "1"));
        String missed = github.commit(APP, RPackage.answering("stocks", "2.0", "2"));
        BuildView found = reconciled(APP);
        assertEquals(State.SUCCEEDED, found.state(), found::toString);
        assertEquals(missed, found.commit());
        assertEquals("2", answer());
    }

    @Test
    void aRepositoryThatCannotBeAskedDoesNotKeepOthersFromIt() throws Exception {
        AppName bob = new AppName("bob", "stocks");
        push(RPackage.answering("stocks", "1.0", "1"));
        assertEquals(
                State.SUCCEEDED,
                finished(builds.receive(
                                Deliveries.push(bob, github.commit(bob, RPackage.answering("stocks", "1.0", "1")))))
                        .state());
        String missed = github.commit(bob, RPackage.answering("stocks", "2.0", "2"));
        Disk.delete(root.resolve("github/Alice/Stocks.git"));
        assertEquals(missed, reconciled(bob).commit());
    }

    @Test
    void whatFailedOrWasRolledBackIsNotBuiltAgain() throws Exception {
        BuildView first = push(RPackage.answering("stocks", "1.0", "1"));
        push(RPackage.answering("stocks", "2.0", "2"));
        BuildView failed = push(RPackage.with("stocks", "3.0", "answer <- function( {"));
        builds.rollback(APP, OptionalLong.of(first.id()));
        assertEquals(failed.id(), reconciled(APP).id());
        assertEquals("1", answer());
        assertTrue(Files.exists(data().resolve("apps/alice/stocks/versions/" + first.id())));
    }

    @Test
    void aMissedPushThatAsksNotToBeBuiltIsNot() throws Exception {
        push(RPackage.answering("stocks", "1.0", "1"));
        github.commit(APP, RPackage.answering("stocks", "2.0", "2"));
        github.amend(APP, "Typo [skip ci]");
        BuildView skipped = reconciled(APP);
        assertEquals(State.CANCELLED, skipped.state(), skipped::toString);
        assertTrue(Files.readString(builds.log(skipped.id()).orElseThrow()).contains("[skip ci]"));
        assertEquals(skipped.id(), reconciled(APP).id(), "and is not looked at again");
        assertEquals("1", answer());
    }

    /** The app's newest build after a reconcile, when it is finished. */
    private BuildView reconciled(AppName app) throws Exception {
        builds.reconcile();
        BuildView newest = builds.builds(BuildQuery.newest(10)).stream()
                .filter(build -> build.app().key().equals(app.key()))
                .findFirst()
                .orElseThrow();
        return builds.finished(newest.id()).get(1, TimeUnit.MINUTES);
    }
}
