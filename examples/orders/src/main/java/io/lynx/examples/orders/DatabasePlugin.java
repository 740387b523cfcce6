package io.lynx.examples.orders;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.health.Health;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.resilience.Permit;
import io.lynx.time.Ticker;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The database: opens it, creates its table, pools its connections, and shares the pool as {@link #DATABASE} and the
 * orders in it as {@link #ORDERS}. Calls go through the circuit breaker of the plugin's name, and {@link
 * DatabaseRecoveryStrategy} recovers from errors of the database. Plugins that use {@link #FAULT} can switch faults on.
 */
final class DatabasePlugin implements Plugin {
    static final String ID = "orders.database";
    static final ResourceKey<DataSource> DATABASE = ResourceKey.of(ID, DataSource.class);
    static final ResourceKey<OrderRepository> ORDERS = ResourceKey.of("orders.database.orders", OrderRepository.class);
    static final ResourceKey<FaultSwitch> FAULT = ResourceKey.of("orders.database.fault", FaultSwitch.class);
    private static final Duration SLOW = Duration.ofSeconds(1);

    private volatile @Nullable Probe probe;

    private record Probe(DataSource database, CircuitBreaker breaker, int timeoutSeconds, Ticker ticker) {}

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID)
                .config("orders.database", DatabaseConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) throws SQLException {
        DatabaseConfig config = context.config(DatabaseConfig.class);
        // An embedded database lives as long as it has a connection; this one is opened first and closed last.
        Connection anchor = context.own(open(config));
        OrderRepository.createSchema(anchor);
        FaultSwitch fault = new FaultSwitch(Pause.on(context.scheduler()));
        HikariDataSource pool = context.own(pool(config));
        DataSource database = new FaultyDataSource(pool, fault);
        CircuitBreaker breaker = context.breakers().get(ID);
        context.findResource(ErrorRecoveryManager.KEY)
                .ifPresent(recovery -> recovery.registerRecoveryStrategy(
                        ID,
                        "database",
                        new DatabaseRecoveryStrategy(
                                "database-recovery",
                                Duration.ofSeconds(10),
                                () -> pool.getHikariPoolMXBean().softEvictConnections(),
                                database,
                                breaker)));
        probe = new Probe(
                database, breaker, (int) Math.max(1, config.validationTimeout().toSeconds()), context.ticker());
        MeasuredQueries queries =
                new MeasuredQueries("orders", context.metrics(), context.resource(Tracing.KEY), context.ticker());
        context.share(DATABASE, database);
        DatabaseGuard guard = new DatabaseGuard(breaker);
        context.share(ORDERS, new OrderRepository(database, config.queryTimeout(), guard, queries));
        context.share(FAULT, fault);
        Registration _ = context.metricSource(ID, new PoolMetrics("orders", pool));
        Registration _ = context.metricSource(ID + ".retry", guard.retry());
    }

    private static Connection open(DatabaseConfig config) {
        try {
            return DriverManager.getConnection(config.url(), properties(config));
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "orders.database.url: '" + config.url() + "' cannot be opened: " + e.getMessage()
                            + "; check the URL and the user, and that no other process has the file open",
                    e);
        }
    }

    private static HikariDataSource pool(DatabaseConfig config) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("orders");
        pool.setJdbcUrl(config.url());
        pool.setDataSourceProperties(properties(config));
        pool.setMaximumPoolSize(config.poolSize());
        pool.setConnectionTimeout(config.connectionTimeout().toMillis());
        pool.setValidationTimeout(Math.min(
                config.validationTimeout().toMillis(),
                config.connectionTimeout().toMillis()));
        return new HikariDataSource(pool);
    }

    private static Properties properties(DatabaseConfig config) {
        Properties properties = new Properties();
        properties.setProperty("user", config.user());
        properties.setProperty("password", config.password());
        if (config.url().startsWith("jdbc:h2:")) {
            // Otherwise H2 closes the database at the first signal, while requests are still served.
            properties.setProperty("DB_CLOSE_ON_EXIT", "FALSE");
        }
        return properties;
    }

    /**
     * Borrows a connection and validates it; both waits are bounded. It does so in every state of the circuit breaker:
     * a check that passes makes an open breaker half-open, and while the breaker is half-open, the result counts as a
     * probe.
     */
    @Override
    public Health health() throws SQLException {
        Probe probe = this.probe;
        if (probe == null) {
            return Health.down("not started");
        }
        long began = probe.ticker().nanos();
        CircuitBreaker breaker = probe.breaker();
        try (Permit trial = breaker.state() == CircuitBreakerState.HALF_OPEN ? breaker.tryAcquire() : null) {
            boolean answers = isAlive(probe, trial);
            if (!answers) {
                return Health.down("no answer within " + probe.timeoutSeconds() + "s");
            }
        }
        Duration took = Duration.ofNanos(probe.ticker().nanos() - began);
        Health health = took.compareTo(SLOW) > 0 ? Health.degraded("answers slowly") : Health.up();
        return health.with("answeredInMs", took.toMillis());
    }

    private static boolean isAlive(Probe probe, @Nullable Permit trial) throws SQLException {
        try (Connection connection = probe.database().getConnection()) {
            boolean answers = connection.isValid(probe.timeoutSeconds());
            if (trial != null && answers) {
                trial.success();
            }
            return answers;
        } catch (SQLException e) {
            if (trial != null) {
                trial.failure(e);
            }
            throw e;
        }
    }
}
