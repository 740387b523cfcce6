package io.lynx.examples.orders;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;

/** Tells how many connections a pool has, and who waits for one, when a scrape asks. */
record PoolMetrics(String database, HikariDataSource pool) implements MetricSource {
    @Override
    public void collect(Samples out) {
        HikariPoolMXBean now = pool.getHikariPoolMXBean();
        out.add(Catalogue.DB_CONNECTIONS, now.getActiveConnections(), database, "active");
        out.add(Catalogue.DB_CONNECTIONS, now.getIdleConnections(), database, "idle");
        out.add(Catalogue.DB_CONNECTIONS, now.getThreadsAwaitingConnection(), database, "pending");
        out.add(Catalogue.DB_CONNECTIONS, pool.getMaximumPoolSize(), database, "max");
    }
}
