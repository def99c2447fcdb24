package org.ocpu.builder;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** The time to look for pushes that no delivery told of. */
@DisallowConcurrentExecution
final class ReconcileJob implements Job {
    private final Runnable reconcile;

    ReconcileJob(Runnable reconcile) {
        this.reconcile = reconcile;
    }

    @Override
    public void execute(JobExecutionContext context) {
        reconcile.run();
    }
}
