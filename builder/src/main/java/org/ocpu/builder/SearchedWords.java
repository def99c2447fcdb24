package org.ocpu.builder;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/** Brings the columns that builds are looked for by up to date for builds from before there were such columns. */
final class SearchedWords implements JavaMigration {
    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("6.1");
    }

    @Override
    public String getDescription() {
        return "words of builds that were there already";
    }

    @Override
    public Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        try (Statement all = context.getConnection().createStatement();
                ResultSet builds = all.executeQuery("select id, push from builds");
                PreparedStatement update = context.getConnection()
                        .prepareStatement("update builds set author = ?, branch = ?, words = ? where id = ?")) {
            while (builds.next()) {
                Map<String, String> columns = BuildSearch.columns(BuildRows.push(builds.getString("push")));
                update.setString(1, columns.get("author"));
                update.setString(2, columns.get("branch"));
                update.setString(3, columns.get("words"));
                update.setLong(4, builds.getLong("id"));
                update.executeUpdate();
            }
        }
    }
}
