package org.ocpu.builder;

import java.util.function.Consumer;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** The time to start a run of a sync; which one, the trigger's name says. */
final class SyncJob implements Job {
    private final Consumer<String> start;

    SyncJob(Consumer<String> start) {
        this.start = start;
    }

    @Override
    public void execute(JobExecutionContext context) {
        start.accept(context.getTrigger().getKey().getName());
    }
}
