package io.lynx.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import io.lynx.health.Health;
import io.lynx.jdbc.driver.DriverDataSource;
import io.lynx.jdbc.driver.DriverDataSource.Login;
import io.lynx.jdbc.driver.DriverSettings;
import io.lynx.jdbc.driver.DriverTls;
import io.lynx.jdbc.driver.Drivers;
import io.lynx.jdbc.driver.ProbeConnection;
import io.lynx.leadership.LeadershipConfig;
import io.lynx.leadership.LeaseBackend;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.external.Uses;
import io.lynx.resilience.Bulkhead;
import io.lynx.time.Deadline;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One database between the start and the stop of its plugin: the pool, and the connection of the health check. Thread-safe. */
final class Database implements MetricSource {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcPlugin.class);
    /** A part of what the stop keeps for cutting off. */
    private static final Duration CUT_OFF = Duration.ofMillis(150);

    /** How long a server may send nothing beyond the time limit of statements, until its connection counts as broken. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration SHORTEST = Duration.ofMillis(250);

    private final String plugin;
    private final String name;
    private final String label;
    private final JdbcConfig config;
    private final PluginContext context;
    private final Driver driver;
    private final HikariDataSource pool;
    private final Bulkhead places;
    private final Executions executions;
    private final ManagedDataSource source;
    private final Transactions transactions;
    private final ConnectionHooks hooks = new ConnectionHooks();
    private final ProbeConnection probe;
    private final LeaseConnection leaseConnection;
    private volatile Login login;
    private volatile boolean hasHistory;

    /**
     * Opens nothing: the pool connects at its first use.
     *
     * @param name of the database; empty if it has none
     */
    Database(String plugin, String name, JdbcConfig config, Uses uses, PluginContext context) {
        this.plugin = plugin;
        this.name = name;
        this.label = name.isEmpty() ? "default" : name;
        this.config = config;
        this.context = context;
        this.driver = Drivers.find(config.url());
        DriverTls.check(config.tls());
        this.login = new Login(config.user(), config.password());
        this.pool = pool();
        this.places = Bulkhead.of(plugin, config.poolSize(), config.maxWait());
        this.executions = new Executions(plugin, label, config, context);
        this.source = new ManagedDataSource(
                plugin,
                pool,
                places,
                uses,
                hooks,
                executions,
                context.metrics().registry().histogram(DatabaseMetrics.WAIT, label));
        this.transactions = Transactions.managed(plugin, label, source, context);
        this.probe = new ProbeConnection(opens(config.healthTimeout())::getConnection, this::requireHistory);
        this.leaseConnection = new LeaseConnection(opens(config.healthTimeout())::getConnection);
    }

    private HikariDataSource pool() {
        HikariDataSource made = new HikariDataSource();
        made.setPoolName(plugin);
        made.setDataSource(opens(config.queryTimeout().plus(SILENCE)));
        made.setMaximumPoolSize(config.poolSize());
        made.setConnectionTimeout(config.connectTimeout().toMillis());
        Duration validation = config.healthTimeout().compareTo(SHORTEST) < 0 ? SHORTEST : config.healthTimeout();
        made.setValidationTimeout(
                Math.min(validation.toMillis(), config.connectTimeout().toMillis()));
        made.setMaxLifetime(config.maxLifetime().toMillis());
        made.setReadOnly(config.readOnly());
        made.setInitializationFailTimeout(-1);
        made.setExceptionOverride(new Evictions());
        return made;
    }

    private DriverDataSource opens(Duration silence) {
        return new DriverDataSource(settings(), driver, () -> login, silence);
    }

    private DriverSettings settings() {
        return new DriverSettings(
                config.url(), config.connectTimeout(), config.readOnly(), config.tls(), config.properties());
    }

    DataSource dataSource() {
        return source;
    }

    Transactions transactions() {
        return transactions;
    }

    LeaseBackend leases() {
        return new JdbcLeases(config.url(), leaseConnection);
    }

    FencedWrites fencedWrites() {
        return new FencedWrites(config.url(), leaseConnection, transactions, this::lease);
    }

    /** Returns the lease of a leadership, which may be kept in another system. */
    private Duration lease(String leadership) {
        try {
            return context.config(LeadershipConfig.section(leadership)).lease();
        } catch (IllegalArgumentException noSection) {
            return LeadershipConfig.defaults().lease();
        }
    }

    ConnectionHooks hooks() {
        return hooks;
    }

    Health probe(Deadline deadline) throws Exception {
        hooks.beforeUse();
        String version = probe.check(deadline.remaining());
        String refused = executions.refusedWrites().take();
        return (refused == null ? Health.up() : Health.degraded("refuses writes: " + Masking.mask(refused)))
                .with("address", Masking.mask(config.url()))
                .with("version", version)
                .with("active", active())
                .with("idle", idle())
                .with("waiting", places.waiting())
                .with("max", config.poolSize());
    }

    private @Nullable HikariPoolMXBean figures() {
        return pool.isClosed() ? null : pool.getHikariPoolMXBean();
    }

    private int active() {
        HikariPoolMXBean now = figures();
        return now == null ? 0 : now.getActiveConnections();
    }

    private int idle() {
        HikariPoolMXBean now = figures();
        return now == null ? 0 : now.getIdleConnections();
    }

    @Override
    public void collect(Samples out) {
        out.add(Catalogue.DB_CONNECTIONS, active(), label, "active");
        out.add(Catalogue.DB_CONNECTIONS, idle(), label, "idle");
        out.add(Catalogue.DB_CONNECTIONS, places.waiting(), label, "pending");
        out.add(Catalogue.DB_CONNECTIONS, config.poolSize(), label, "max");
    }

    /** Migrates the database if Flyway is on the class path. */
    void migrate() throws Exception {
        JdbcConfig.Migrations migrations = config.migrations();
        if (!migrations.enabled() || config.readOnly() || !isPresent("org.flywaydb.core.Flyway")) {
            return;
        }
        List<String> locations = migrations.locations();
        hasHistory = FlywayMigrations.run(
                label,
                locations.isEmpty()
                        ? List.of(name.isEmpty() ? "classpath:db/migration" : "classpath:db/" + name + "/migration")
                        : locations,
                migrations.baseline(),
                opens(Duration.ZERO));
    }

    /** Notices a server that was restarted without its data: it accepts connections, and every statement fails. */
    private void requireHistory(Connection connection) throws SQLException {
        if (hasHistory) {
            FlywayMigrations.requireHistory(connection);
        }
    }

    private static boolean isPresent(String type) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return (loader == null ? Database.class.getClassLoader() : loader)
                        .getResource(type.replace('.', '/') + ".class")
                != null;
    }

    /** Lets each connection be replaced when it is returned. */
    void evict() {
        HikariPoolMXBean now = figures();
        if (now != null) {
            now.softEvictConnections();
        }
    }

    /**
     * Uses other credentials for new connections. Those that are open are replaced once the database has accepted the new ones, so that
     * a wrong password does not cost the connections that there are.
     */
    void credentials(JdbcConfig changed) {
        login = new Login(changed.user(), changed.password());
        context.threads().newThread(this::replaceConnections).start();
    }

    private void replaceConnections() {
        try {
            probe.renew();
            evict();
            LOG.atInfo()
                    .addKeyValue("plugin", plugin)
                    .log("The database accepts the new credentials; connections are replaced");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            LOG.atWarn()
                    .addKeyValue("plugin", plugin)
                    .log(
                            "No connection with the new credentials: {}; open connections go on, new ones fail until"
                                    + " lynx.{} has the right ones",
                            Masking.mask(UserCode.describe(failure)),
                            plugin);
        }
    }

    /** Cancels what still runs, and gives the server a moment to end it. */
    void cutOff() {
        executions.watch().cancelAll();
        executions.watch().awaitNone(CUT_OFF);
    }

    void close() {
        executions.watch().abortAll();
        leaseConnection.close();
        source.closeBorrowed();
        pool.close();
        probe.close();
    }
}
