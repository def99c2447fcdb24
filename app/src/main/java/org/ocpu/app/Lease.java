package org.ocpu.app;

/** A version of a package that stays installed until this is closed, for one request. */
public final class Lease implements AutoCloseable {
    private final PackageRef ref;
    private final Leases leases;

    Lease(PackageRef ref, Leases leases) {
        this.ref = ref;
        this.leases = leases;
    }

    public PackageRef ref() {
        return ref;
    }

    /** To be called once. */
    @Override
    public void close() {
        leases.release(ref.library());
    }
}
