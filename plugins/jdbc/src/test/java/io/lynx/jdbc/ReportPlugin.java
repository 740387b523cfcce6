package io.lynx.jdbc;

import io.lynx.extension.Registration;
import io.lynx.job.Schedule;
import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Leadership;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The plugin of the guide to leadership. Thread-safe. */
// snippet: leadership-plugin
final class ReportPlugin implements Plugin {
    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("report").requires("jdbc").build();
    }

    @Override
    public void start(PluginContext context) {
        FencedWrites writes = context.resource(JdbcPlugin.fencedWrites());
        Leadership leadership = context.leadership("report");
        Registration _ = context.schedule("report", Schedule.every(Duration.ofSeconds(1)), job -> {
            Optional<FencingToken> token = leadership.token();
            if (token.isPresent()) { // Another instance is the leader otherwise.
                int _ = writes.in(token.get(), ReportPlugin::write);
            }
        });
    }

    private static int write(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO report (text) VALUES ('daily')")) {
            return insert.executeUpdate();
        }
    }
}
// end
