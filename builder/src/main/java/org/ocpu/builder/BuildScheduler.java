package org.ocpu.builder;

import java.sql.Connection;
import java.sql.SQLException;
import java.text.ParseException;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
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
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.StdJDBCDelegate;
import org.quartz.simpl.SimpleThreadPool;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/**
 * When things run, on Quartz: builds as soon as a thread is free, the reconcile by its cron expression. Its threads live as
 * long as it does.
 *
 * <p>What waits is in the table of builds, and {@link BuildQueue} says which is next; a trigger only says that there may be
 * something. So a trigger too many does no harm, and {@link #wake} at the start makes up for those a crash lost.
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
     * @param name the same for the same database, and another for each open in one JVM
     * @param builds runs builds for as long as any may run
     */
    static BuildScheduler open(String name, DataSource database, int parallel, Runnable builds, Runnable reconcile) {
        try {
            DBConnectionManager.getInstance().addConnectionProvider(name, new Pool(database));
            Scheduler quartz = new StdSchedulerFactory(properties(name, parallel + 1)).getScheduler();
            Map<Class<? extends Job>, Job> jobs =
                    Map.of(BuildJob.class, new BuildJob(builds), ReconcileJob.class, new ReconcileJob(reconcile));
            quartz.setJobFactory(
                    (bundle, scheduler) -> jobs.get(bundle.getJobDetail().getJobClass()));
            quartz.clear(); // what a crash or an older version left
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

    /** @param cron when to reconcile; one missed while the server was down is made up for at its start */
    void reconcile(String cron) {
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(TriggerKey.triggerKey("reconcile"))
                .forJob(RECONCILE)
                .withSchedule(CronScheduleBuilder.cronSchedule(cron).withMisfireHandlingInstructionFireAndProceed())
                .build();
        try {
            quartz.scheduleJob(trigger);
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

    /** @param wait for running builds to end */
    void close(boolean wait) {
        try {
            quartz.shutdown(wait);
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
        properties.setProperty("org.quartz.jobStore.class", JobStoreTX.class.getName());
        properties.setProperty("org.quartz.jobStore.driverDelegateClass", StdJDBCDelegate.class.getName());
        properties.setProperty("org.quartz.jobStore.dataSource", name);
        properties.setProperty("org.quartz.jobStore.useProperties", "true");
        return properties;
    }

    /** Connections of a pool that is not Quartz's to close. */
    private record Pool(DataSource database) implements ConnectionProvider {
        @Override
        public Connection getConnection() throws SQLException {
            return database.getConnection();
        }

        @Override
        public void shutdown() {}

        @Override
        public void initialize() {}
    }
}
