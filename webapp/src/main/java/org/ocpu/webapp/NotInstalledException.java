package org.ocpu.webapp;

import org.ocpu.builder.Demand;

/** A package is not there; what is being done about it. */
final class NotInstalledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Demand demand;

    NotInstalledException(Demand demand) {
        super(demand.message());
        this.demand = demand;
    }

    Demand demand() {
        return demand;
    }
}
