package org.ocpu.builder;

import java.sql.Connection;
import java.sql.SQLException;
import java.text.ParseException;
import java.util.Date;
import java.util.Properties;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.quartz.CronExpression;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
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
 * Runs builds on Quartz: one job an app, so that an app's builds run one at a time in the order of their pushes, and one
 * trigger a build. Its threads live as long as it does.
 *
 * <p>Quartz keeps its plan in the database, but the table of builds has the last word: {@link #schedule} replaces what a
 * crash left of a build's trigger, and a build that fires twice runs once.
 */
final class BuildScheduler {
    private static final String GROUP = "builds";

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
     */
    static BuildScheduler open(String name, DataSource database, int threads, LongConsumer builds) {
        try {
            DBConnectionManager.getInstance().addConnectionProvider(name, new Pool(database));
            Scheduler quartz = new StdSchedulerFactory(properties(name, threads)).getScheduler();
            quartz.setJobFactory((bundle, scheduler) -> new BuildJob(builds));
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

    /** Has a build run as soon as a thread is free and no older one of its app waits or runs. */
    void schedule(Build build) {
        TriggerKey key = TriggerKey.triggerKey(Long.toString(build.id()), GROUP);
        JobDetail job = JobBuilder.newJob(BuildJob.class)
                .withIdentity(build.push().app().key(), GROUP)
                .storeDurably()
                .requestRecovery()
                .build();
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(key)
                .forJob(job)
                .usingJobData(BuildJob.BUILD, Long.toString(build.id()))
                .startAt(Date.from(build.times().queued()))
                .withSchedule(SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionIgnoreMisfires())
                .build();
        try {
            quartz.addJob(job, true);
            quartz.unscheduleJob(key);
            quartz.scheduleJob(trigger);
        } catch (SchedulerException e) {
            throw new BuilderException("build " + build.id() + " cannot be scheduled", e);
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
