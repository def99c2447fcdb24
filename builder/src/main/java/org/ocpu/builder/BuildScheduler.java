package org.ocpu.builder;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TimeZone;
import java.util.function.Consumer;
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
 * When things run, on Quartz: builds as soon as a thread is free, the reconcile, the syncs and the cleaning of sessions by
 * their cron expressions. Its threads
 * live as long as it does.
 *
 * <p>What waits is in the table of builds, and {@link BuildQueue} says which is next; a trigger only says that there may be
 * something. So triggers need not outlive the server, one too many does no harm, and {@link #wake} at the start makes up for
 * those that are lost.
 */
final class BuildScheduler {
    private static final JobKey BUILDS = JobKey.jobKey("builds");
    private static final JobKey RECONCILE = JobKey.jobKey("reconcile");
    private static final JobKey SYNC = JobKey.jobKey("sync");
    private static final JobKey CLEANING = JobKey.jobKey("cleaning");
    private static final String SYNCS = "syncs";

    private final Scheduler quartz;

    private BuildScheduler(Scheduler quartz) {
        this.quartz = quartz;
    }

    /** @throws IllegalArgumentException naming the setting and where in it the fault is, when it is no cron expression */
    static void checkCron(String key, String expression) {
        try {
            CronExpression cron = new CronExpression(expression);
            if (cron.getNextValidTimeAfter(Date.from(Instant.now())) == null) {
                throw Settings.bad(key, expression, "this time never comes again");
            }
        } catch (ParseException e) {
            throw notCron(key, expression, e.getMessage().replaceFirst(" \\(java\\..*", ""));
        } catch (IndexOutOfBoundsException e) { // Quartz has that for a field that ends too early
            throw notCron(key, expression, "a field ends too early");
        }
    }

    private static IllegalArgumentException notCron(String key, String expression, String complaint) {
        int position = CronFault.position(expression, BuildScheduler::isCron);
        return Settings.bad(
                key, expression, "not a cron expression: %s, at position %d".formatted(complaint, position));
    }

    private static boolean isCron(String expression) {
        try {
            return CronExpression.isValidExpression(expression);
        } catch (IndexOutOfBoundsException e) {
            return false;
        }
    }

    /**
     * Opens it at rest.
     *
     * @param name another for each that is open in one JVM
     * @param builds runs builds for as long as any may run
     * @param sync starts a run of the sync of a name, and does not wait for its end
     * @param cleaning removes sessions that are old or too many
     */
    static BuildScheduler open(
            String name, int parallel, Runnable builds, Runnable reconcile, Consumer<String> sync, Runnable cleaning) {
        try {
            Scheduler quartz = new StdSchedulerFactory(properties(name, parallel + 2)).getScheduler();
            Map<Class<? extends Job>, Job> jobs = Map.of(
                    BuildJob.class,
                    new BuildJob(builds),
                    ReconcileJob.class,
                    new ReconcileJob(reconcile),
                    SyncJob.class,
                    new SyncJob(sync),
                    CleaningJob.class,
                    new CleaningJob(cleaning));
            quartz.setJobFactory(
                    (bundle, scheduler) -> jobs.get(bundle.getJobDetail().getJobClass()));
            quartz.addJob(durable(BuildJob.class, BUILDS), true);
            quartz.addJob(durable(ReconcileJob.class, RECONCILE), true);
            quartz.addJob(durable(SyncJob.class, SYNC), true);
            quartz.addJob(durable(CleaningJob.class, CLEANING), true);
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
        repeat(RECONCILE, cron);
    }

    /** @param cron when to clean the sessions; also once now */
    void cleanSessions(String cron) {
        repeat(CLEANING, cron);
    }

    private void repeat(JobKey job, String cron) {
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(TriggerKey.triggerKey(job.getName()))
                .forJob(job)
                .withSchedule(CronScheduleBuilder.cronSchedule(cron).withMisfireHandlingInstructionFireAndProceed())
                .build();
        try {
            quartz.scheduleJob(trigger);
            quartz.triggerJob(job);
        } catch (SchedulerException e) {
            throw new BuilderException("the job %s cannot be scheduled: %s".formatted(job.getName(), cron), e);
        }
    }

    /**
     * Starts runs of a sync whenever its time comes; one that was missed is made up for.
     *
     * @param cron a Quartz cron expression
     */
    void sync(String name, String cron, ZoneId zone) {
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(TriggerKey.triggerKey(name, SYNCS))
                .forJob(SYNC)
                .withSchedule(CronScheduleBuilder.cronSchedule(cron)
                        .inTimeZone(timeZone(zone))
                        .withMisfireHandlingInstructionFireAndProceed())
                .build();
        try {
            quartz.scheduleJob(trigger);
        } catch (SchedulerException e) {
            throw new BuilderException("the sync %s cannot be scheduled: %s".formatted(name, cron), e);
        }
    }

    /** Whether a sync's time came between then and now. */
    static boolean missed(String cron, ZoneId zone, Instant then) {
        try {
            CronExpression expression = new CronExpression(cron);
            expression.setTimeZone(timeZone(zone));
            Date next = expression.getNextValidTimeAfter(Date.from(then));
            return next != null && next.toInstant().isBefore(Instant.now());
        } catch (ParseException e) {
            throw new IllegalArgumentException(cron, e);
        }
    }

    /** As an offset where it is one: {@link TimeZone} takes {@code UTC+2} for UTC. */
    private static TimeZone timeZone(ZoneId zone) {
        return TimeZone.getTimeZone(zone.normalized());
    }

    /** When a sync runs next; absent when it is not scheduled. */
    Optional<Instant> nextSync(String name) {
        try {
            return Optional.ofNullable(quartz.getTrigger(TriggerKey.triggerKey(name, SYNCS)))
                    .map(Trigger::getNextFireTime)
                    .map(Date::toInstant);
        } catch (SchedulerException e) {
            throw new BuilderException("the plan of syncs cannot be read", e);
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
