package io.lynx.jdbc;

import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.health.Health;
import io.lynx.leadership.LeaseBackend;
import io.lynx.metrics.Metric;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.external.ExternalSystemPlugin;
import io.lynx.plugin.external.Uses;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * A database as a plugin: {@code jdbc}, configured by {@code lynx.jdbc}, or {@code jdbc.<name>}, configured by {@code
 * lynx.jdbc.<name>}. The section in the configuration is enough to add it. It shares a {@link DataSource} under {@link #key},
 * {@link Transactions} under {@link #transactions} and {@link ConnectionHooks} under {@link #hooks}; plugins that use them require its
 * id. It keeps leases of leaderships, and shares {@link FencedWrites} under {@link #fencedWrites}. Thread-safe.
 */
public final class JdbcPlugin extends ExternalSystemPlugin<JdbcConfig, Database> {
    /** The metrics of databases beside those of the catalogue, in the order of the reference page. */
    public static final List<Metric> METRICS = DatabaseMetrics.ALL;

    private static final String FAMILY = "jdbc";

    private final String name;

    /** Creates the database without a name, which is not started. */
    public JdbcPlugin() {
        this("");
    }

    /**
     * Creates the database of a name, which is not started.
     *
     * @throws IllegalArgumentException if the name is malformed
     */
    public JdbcPlugin(String name) {
        super(FAMILY, name, JdbcConfig.class);
        this.name = name;
    }

    /** Returns the key of the database without a name. */
    public static ResourceKey<DataSource> key() {
        return key("");
    }

    /** Returns the key of the database of that name. */
    public static ResourceKey<DataSource> key(String name) {
        return ResourceKey.of(id(FAMILY, name), DataSource.class);
    }

    /** Returns the key of the transactions in the database without a name. */
    public static ResourceKey<Transactions> transactions() {
        return transactions("");
    }

    /** Returns the key of the transactions in the database of that name. */
    public static ResourceKey<Transactions> transactions(String name) {
        return ResourceKey.of(id(FAMILY, name) + ".transactions", Transactions.class);
    }

    /** Returns the key of the hooks of the database without a name. */
    public static ResourceKey<ConnectionHooks> hooks() {
        return hooks("");
    }

    /** Returns the key of the hooks of the database of that name. */
    public static ResourceKey<ConnectionHooks> hooks(String name) {
        return ResourceKey.of(id(FAMILY, name) + ".hooks", ConnectionHooks.class);
    }

    /** Returns the key of the fenced writes in the database without a name. */
    public static ResourceKey<FencedWrites> fencedWrites() {
        return fencedWrites("");
    }

    /** Returns the key of the fenced writes in the database of that name. */
    public static ResourceKey<FencedWrites> fencedWrites(String name) {
        return ResourceKey.of(id(FAMILY, name) + ".fenced-writes", FencedWrites.class);
    }

    @Override
    protected void describe(PluginDescriptor.Builder descriptor) {
        PluginDescriptor.Builder _ = descriptor.provides(LeaseBackend.CAPABILITY, "1.0.0");
    }

    @Override
    protected Database open(PluginContext context, JdbcConfig config, Uses uses) {
        Database database = new Database(id(), name, config, uses, context);
        Registration _ = context.share(key(name), database.dataSource());
        Registration _ = context.share(transactions(name), database.transactions());
        Registration _ = context.share(LeaseBackend.key(id()), database.leases());
        Registration _ = context.share(fencedWrites(name), database.fencedWrites());
        Registration _ = context.share(hooks(name), database.hooks());
        Registration _ = context.metricSource(id(), database);
        Registration _ = context.onReload(JdbcConfig.class, database::credentials, "user", "password");
        return database;
    }

    @Override
    protected Health probe(Database database, JdbcConfig config, Deadline deadline) throws Exception {
        return database.probe(deadline);
    }

    @Override
    protected String address(JdbcConfig config) {
        return config.url() + (config.user().isEmpty() ? "" : " as user '" + config.user() + "'");
    }

    @Override
    protected boolean isOutage(Throwable failure) {
        return SqlFailures.isOutage(failure);
    }

    @Override
    protected void prepare(Database database, JdbcConfig config) throws Exception {
        database.migrate();
    }

    @Override
    protected void evict(Database database) {
        database.evict();
    }

    @Override
    protected void cutOff(Database database) {
        database.cutOff();
    }

    @Override
    protected void close(Database database) {
        database.close();
    }

    @Override
    protected Set<String> recoverableErrors() {
        return Set.of("database", "network", "timeout");
    }
}
