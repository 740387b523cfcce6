package io.lynx.examples.orders;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;

/** Reports the connections of a pool, and the threads that wait for one, at each scrape. */
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
