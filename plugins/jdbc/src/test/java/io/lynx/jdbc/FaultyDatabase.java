package io.lynx.jdbc;

import io.lynx.testkit.LynxTest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** An embedded database whose driver fails as a test says. Thread-safe. */
final class FaultyDatabase implements Driver, AutoCloseable {
    private static final String PREFIX = "jdbc:faulty:";

    private final String h2 = TestDatabase.url();
    private final Set<Physical> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger aborted = new AtomicInteger();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);

    /** What happens when a method of the driver is called. */
    @FunctionalInterface
    interface Fault {
        /** Throws, waits, or returns for the usual call. */
        void on(Physical connection) throws SQLException;
    }

    FaultyDatabase() throws SQLException {
        DriverManager.registerDriver(this);
    }

    String url() {
        return PREFIX + h2.substring(h2.lastIndexOf(':') + 1);
    }

    /** Lets calls of a method of connections or statements, such as {@code commit}, meet a fault first. */
    void on(String method, Fault fault) {
        faults.put(method, fault);
    }

    /** Lets calls of a method work again. */
    void heal(String method) {
        Fault _ = faults.remove(method);
    }

    int aborted() {
        return aborted.get();
    }

    int open() {
        return open.size();
    }

    /** Waits, whatever interrupts come, until the database is closed. */
    void hang() {
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException ignored) {
                // As a driver that waits for a lock.
            }
        }
    }

    /** Starts an application with this database as {@code orders}; {@code settings} are keys below its section. */
    LynxTest start(String... settings) {
        LynxTest.Builder builder = LynxTest.of(new JdbcPlugin("orders"))
                .with("lynx.jdbc.orders.url", url())
                .with("lynx.jdbc.orders.migrations.enabled", "false");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String key = setting.substring(0, equals);
            builder.with(key.startsWith("lynx.") ? key : "lynx.jdbc.orders." + key, setting.substring(equals + 1));
        }
        return builder.start();
    }

    /** One connection of the driver. */
    final class Physical implements InvocationHandler {
        private final Connection connection;
        private final int number = numbers.incrementAndGet();
        private final CountDownLatch gone = new CountDownLatch(1);

        private Physical(Connection connection) {
            this.connection = connection;
        }

        /** Returns how many have been opened until this one; the first is that of the health check. */
        int number() {
            return number;
        }

        /** Waits, whatever interrupts come, until the connection has been aborted or closed, and fails then. */
        void hangUntilAborted() throws SQLException {
            while (gone.getCount() > 0 && end.getCount() > 0) {
                try {
                    gone.await();
                } catch (InterruptedException ignored) {
                    // As a driver that reads from a socket on a platform thread.
                }
            }
            throw new SQLException("I/O error", "08006");
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            boolean isAbort = method.getName().equals("abort");
            if (isAbort || method.getName().equals("close")) {
                if (open.remove(this) && isAbort) {
                    aborted.incrementAndGet();
                }
                gone.countDown();
                connection.close();
                return null;
            }
            if (method.getName().equals("unwrap") && arguments != null && arguments[0] == Connection.class) {
                return proxy;
            }
            fail(method);
            Object result = call(connection, method, arguments);
            return result instanceof Statement statement ? faulty(statement) : result;
        }

        private void fail(Method method) throws SQLException {
            Fault fault = faults.get(method.getName().startsWith("execute") ? "execute" : method.getName());
            if (fault != null) {
                fault.on(this);
            }
        }

        private Object faulty(Statement statement) {
            Class<?> type = statement instanceof CallableStatement
                    ? CallableStatement.class
                    : statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
            return proxy(type, (_, method, arguments) -> {
                fail(method);
                Object result = call(statement, method, arguments);
                return result instanceof ResultSet rows ? faulty(rows) : result;
            });
        }

        private Object faulty(ResultSet rows) {
            return proxy(ResultSet.class, (_, method, arguments) -> {
                fail(method);
                return call(rows, method, arguments);
            });
        }
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(FaultyDatabase.class.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private static @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() == null ? thrown : thrown.getCause();
        }
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        Physical physical = new Physical(DriverManager.getConnection(h2 + ";DB_CLOSE_DELAY=-1"));
        open.add(physical);
        return (Connection) proxy(Connection.class, physical);
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.equals(url());
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("faulty");
    }

    @Override
    public void close() throws SQLException {
        end.countDown();
        DriverManager.deregisterDriver(this);
        try (Connection last = DriverManager.getConnection(h2);
                Statement statement = last.createStatement()) {
            boolean _ = statement.execute("SHUTDOWN");
        }
    }
}
