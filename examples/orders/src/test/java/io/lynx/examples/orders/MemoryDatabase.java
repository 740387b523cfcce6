package io.lynx.examples.orders;

import io.lynx.jdbc.ConnectionHook;
import io.lynx.jdbc.Transactions;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A database of its own for a test, with the tables of the service; gone when it is closed. */
final class MemoryDatabase implements AutoCloseable {
    private final JdbcDataSource source = new JdbcDataSource();
    private final Connection anchor;

    MemoryDatabase() {
        source.setUrl(newUrl());
        try {
            anchor = source.getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the URL of a database in memory that no other test uses, which gets its tables at its first connection. */
    static String newUrl() {
        return "jdbc:h2:mem:" + UUID.randomUUID()
                + ";INIT=RUNSCRIPT FROM 'classpath:db/orders/migration/V1__orders.sql'";
    }

    String url() {
        return source.getUrl();
    }

    DataSource source() {
        return source;
    }

    OrderRepository orders() {
        return new OrderRepository(source, Transactions.of(source));
    }

    /** Returns the orders behind a hook, without a plugin. */
    OrderRepository orders(ConnectionHook hook) {
        DataSource hooked = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, arguments) -> {
                    hook.beforeUse();
                    return method.invoke(source, arguments);
                });
        return new OrderRepository(hooked, Transactions.of(hooked));
    }

    @Override
    public void close() throws SQLException {
        anchor.close();
    }
}
