package org.ocpu.builder;

import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** A thread's turn to run builds, as long as any may run: each accepted push brings one. */
final class BuildJob implements Job {
    private final Runnable builds;

    BuildJob(Runnable builds) {
        this.builds = builds;
    }

    @Override
    public void execute(JobExecutionContext context) {
        builds.run();
    }
}
