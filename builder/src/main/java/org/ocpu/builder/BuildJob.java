package org.ocpu.builder;

import java.util.function.LongConsumer;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** Builds of one app, one after the other: each firing is one build, named in the trigger's data. */
@DisallowConcurrentExecution
final class BuildJob implements Job {
    static final String BUILD = "build";

    private final LongConsumer builds;

    BuildJob(LongConsumer builds) {
        this.builds = builds;
    }

    @Override
    public void execute(JobExecutionContext context) {
        // a firing that is recovered after a crash may have lost its data; its build is scheduled anew anyway
        String build = context.getMergedJobDataMap().getString(BUILD);
        if (build != null) {
            builds.accept(Long.parseLong(build));
        }
    }
}
