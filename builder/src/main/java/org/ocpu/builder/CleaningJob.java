package org.ocpu.builder;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** The time to remove sessions that are old or too many. */
@DisallowConcurrentExecution
final class CleaningJob implements Job {
    private final Runnable clean;

    CleaningJob(Runnable clean) {
        this.clean = clean;
    }

    @Override
    public void execute(JobExecutionContext context) {
        clean.run();
    }
}
