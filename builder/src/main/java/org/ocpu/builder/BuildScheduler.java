package org.ocpu.builder;

import java.text.ParseException;
import java.util.Map;
import java.util.Properties;
import org.quartz.CronExpression;
import org.quartz.CronScheduleBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.simpl.RAMJobStore;
import org.quartz.simpl.SimpleThreadPool;

/**
 * When things run, on Quartz: builds as soon as a thread is free, the reconcile by its cron expression. Its threads live as
 * long as it does.
 *
 * <p>What waits is in the table of builds, and {@link BuildQueue} says which is next; a trigger only says that there may be
 * something. So triggers need not outlive the server, one too many does no harm, and {@link #wake} at the start makes up for
 * those that are lost.
 */
final class BuildScheduler {
    private static final JobKey BUILDS = JobKey.jobKey("builds");
    private static final JobKey RECONCILE = JobKey.jobKey("reconcile");

    private final Scheduler quartz;

    private BuildScheduler(Scheduler quartz) {
        this.quartz = quartz;
    }

    /** @throws IllegalArgumentException naming the setting and where in it the fault is, when it is no cron expression */
    static void checkCron(String key, String expression) {
        try {
            CronExpression.validateExpression(expression);
        } catch (ParseException e) {
            throw Settings.bad(
                    key,
                    expression,
                    "not a cron expression: " + e.getMessage() + ", at position " + e.getErrorOffset());
        }
    }

    /**
     * Opens it at rest.
     *
     * @param name another for each that is open in one JVM
     * @param builds runs builds for as long as any may run
     */
    static BuildScheduler open(String name, int parallel, Runnable builds, Runnable reconcile) {
        try {
            Scheduler quartz = new StdSchedulerFactory(properties(name, parallel + 1)).getScheduler();
            Map<Class<? extends Job>, Job> jobs =
                    Map.of(BuildJob.class, new BuildJob(builds), ReconcileJob.class, new ReconcileJob(reconcile));
            quartz.setJobFactory(
                    (bundle, scheduler) -> jobs.get(bundle.getJobDetail().getJobClass()));
            quartz.addJob(durable(BuildJob.class, BUILDS), true);
            quartz.addJob(durable(ReconcileJob.class, RECONCILE), true);
            return new BuildScheduler(quartz);
        } catch (SchedulerException e) {
            throw new BuilderException("the build queue cannot be opened", e);
        }
    }

    void start() {
        try {
            quartz.start();
        } catch (SchedulerException e) {
            throw new BuilderException("the build queue cannot be started", e);
        }
    }

    /** There may be a build to run. */
    void wake() {
        try {
            quartz.scheduleJob(
                    TriggerBuilder.newTrigger().forJob(BUILDS).startNow().build());
        } catch (SchedulerException e) {
            throw new BuilderException("builds cannot be scheduled", e);
        }
    }

    /** @param cron when to reconcile; also once now, to make up for those missed while the server was down */
    void reconcile(String cron) {
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(TriggerKey.triggerKey("reconcile"))
                .forJob(RECONCILE)
                .withSchedule(CronScheduleBuilder.cronSchedule(cron).withMisfireHandlingInstructionFireAndProceed())
                .build();
        try {
            quartz.scheduleJob(trigger);
            quartz.triggerJob(RECONCILE);
        } catch (SchedulerException e) {
            throw new BuilderException("the reconcile cannot be scheduled: " + cron, e);
        }
    }

    /** Begins no more builds; those running go on. */
    void pause() {
        try {
            quartz.standby();
        } catch (SchedulerException e) {
            throw new BuilderException("the build queue cannot be paused", e);
        }
    }

    /** Waits for nothing that still runs. */
    void close() {
        try {
            quartz.shutdown(false);
        } catch (SchedulerException e) {
            throw new BuilderException("the build queue cannot be closed", e);
        }
    }

    private static JobDetail durable(Class<? extends Job> job, JobKey key) {
        return JobBuilder.newJob(job).withIdentity(key).storeDurably().build();
    }

    private static Properties properties(String name, int threads) {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", name);
        properties.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
        properties.setProperty("org.quartz.threadPool.class", SimpleThreadPool.class.getName());
        properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(threads));
        properties.setProperty("org.quartz.threadPool.threadNamePrefix", "build");
        properties.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
        properties.setProperty("org.quartz.jobStore.class", RAMJobStore.class.getName());
        return properties;
    }
}
