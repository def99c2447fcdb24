package org.ocpu.builder;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/** The H2 file {@code DATA/db/ocpu}, its connection pool, and its schema brought up to date. */
final class Database implements AutoCloseable {
    private static final String MIGRATIONS = "classpath:org/ocpu/builder/db";

    // closed by close(), not by a shutdown hook that would come before it; patient with Quartz's row locks
    private static final String OPTIONS = ";DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=20000";

    private final HikariDataSource pool;

    private Database(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * @param threads how many threads work with it at once
     * @throws BuilderException when another process has it open, or it cannot be read
     */
    static Database open(Path directory, int threads) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("ocpu-db");
        config.setJdbcUrl("jdbc:h2:file:" + directory.resolve("ocpu").toAbsolutePath() + OPTIONS);
        config.setMaximumPoolSize(threads);
        try {
            HikariDataSource pool = new HikariDataSource(config);
            migrate(pool);
            return new Database(pool);
        } catch (RuntimeException e) {
            throw new BuilderException("the database in %s cannot be opened: %s".formatted(directory, root(e)), e);
        }
    }

    private static String root(Throwable failure) {
        return failure.getCause() == null ? failure.getMessage() : root(failure.getCause());
    }

    Jdbi jdbi() {
        return Jdbi.create(pool);
    }

    /** Whether it answers. */
    boolean isReachable() {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private static void migrate(HikariDataSource pool) {
        try {
            Flyway.configure()
                    .dataSource(pool)
                    .locations(MIGRATIONS)
                    .javaMigrations(new SearchedWords())
                    .load()
                    .migrate();
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }
}
