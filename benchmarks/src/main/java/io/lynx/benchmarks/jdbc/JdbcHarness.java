package io.lynx.benchmarks.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.lynx.app.Application;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import io.lynx.config.ConfigSources;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.test.Postgres;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Ticker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/**
 * Measures a query by primary key through the plugin's data source, beside the bare pool, against a real PostgreSQL of its own: borrow a
 * connection, prepare, execute, read the row, close. One thread takes turns between the two in short slices, so that what else the
 * machine does affects both; what counts is the difference of medians.
 */
public final class JdbcHarness {
    private static final Ticker TICKER = Ticker.system();
    private static final int ROWS = 1_000;
    private static final int CONNECTIONS = 4;

    private JdbcHarness() {}

    private record Variant(String name, DataSource source, Samples times) {}

    /** Takes {@code --slices N --millis N --warmup N}. */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "slices", "millis", "warmup");
        try (Postgres postgres = Postgres.schemaFor(JdbcHarness.class)) {
            fill(postgres);
            AtomicReference<PluginContext> started = new AtomicReference<>();
            Application application = application(postgres, started);
            application.start();
            try (HikariDataSource bare = bare(postgres)) {
                measure(options, bare, started.get().resource(JdbcPlugin.key()));
            } finally {
                application.close();
            }
        }
    }

    private static void fill(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            boolean _ = statement.execute("CREATE TABLE product (id INT PRIMARY KEY, name VARCHAR(100), price BIGINT)");
            boolean _ = statement.execute(
                    "INSERT INTO product SELECT x, 'lamp ' || x, 1990 FROM generate_series(0, " + (ROWS - 1) + ") x");
        }
    }

    private static HikariDataSource bare(Postgres postgres) {
        HikariDataSource bare = new HikariDataSource();
        bare.setJdbcUrl(postgres.url());
        bare.setUsername(postgres.user());
        bare.setPassword(postgres.password());
        bare.setMaximumPoolSize(CONNECTIONS);
        return bare;
    }

    private static Application application(Postgres postgres, AtomicReference<PluginContext> started) {
        return Application.builder()
                .configuration(ConfigSources.none())
                .discoverPlugins(false)
                .set("lynx.application.name", "jdbc-harness")
                .set("lynx.application.version", "1")
                .set("lynx.jdbc.url", postgres.url())
                .set("lynx.jdbc.user", postgres.user())
                .set("lynx.jdbc.password", postgres.password())
                .set("lynx.jdbc.pool_size", Integer.toString(CONNECTIONS))
                .plugin(new JdbcPlugin())
                .plugin(new Plugin() {
                    @Override
                    public PluginDescriptor descriptor() {
                        return PluginDescriptor.of("harness").requires("jdbc").build();
                    }

                    @Override
                    public void start(PluginContext context) {
                        started.set(context);
                    }
                })
                .build();
    }

    private static void measure(Options options, DataSource bare, DataSource managed) throws SQLException {
        List<Variant> variants =
                List.of(new Variant("bare pool", bare, new Samples()), new Variant("plugin", managed, new Samples()));
        long millis = options.number("millis", 100);
        for (int slice = -options.number("warmup", 20); slice < options.number("slices", 60); slice++) {
            for (Variant variant : variants) {
                double micros = micros(variant.source(), millis);
                if (slice >= 0) {
                    variant.times().add(micros);
                }
            }
        }
        double base = variants.getFirst().times().median();
        Table table = new Table("Query by key, one thread, µs", "variant", "median (range)", "more than bare");
        variants.forEach(variant -> {
            double more = variant.times().median() - base;
            table.row(
                    variant.name(),
                    variant.times().toString(),
                    String.format(Locale.ROOT, "%.2f µs, %.1f %%", more, 100 * more / base));
        });
        table.print();
    }

    /** Returns the mean time of a query during one slice. */
    private static double micros(DataSource source, long millis) throws SQLException {
        long began = TICKER.nanos();
        long end = began + TimeUnit.MILLISECONDS.toNanos(millis);
        int count = 0;
        while (TICKER.nanos() - end < 0) {
            query(source, (count * 31) % ROWS);
            count++;
        }
        return (TICKER.nanos() - began) / 1e3 / count;
    }

    private static void query(DataSource source, int id) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT id, name, price FROM product WHERE id = ?")) {
            select.setInt(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getInt(1) != id || row.getString(2).isEmpty() || row.getLong(3) != 1990) {
                    throw new IllegalStateException("row " + id + " is wrong");
                }
            }
        }
    }
}
