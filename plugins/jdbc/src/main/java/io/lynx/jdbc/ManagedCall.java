package io.lynx.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A call of a stored procedure whose executions are measured, traced and limited. */
final class ManagedCall implements InvocationHandler {
    private final ManagedConnection connection;
    private final CallableStatement raw;
    private final StatementKind kind;

    ManagedCall(ManagedConnection connection, CallableStatement raw, StatementKind kind) {
        this.connection = connection;
        this.raw = raw;
        this.kind = kind;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getName().equals("getConnection")) {
            return connection;
        }
        return method.getName().startsWith("execute")
                ? connection.<@Nullable Object>execute(kind, raw, () -> call(method, arguments))
                : call(method, arguments);
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        try {
            return method.invoke(raw, arguments);
        } catch (InvocationTargetException thrown) {
            switch (thrown.getCause()) {
                case SQLException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new SQLException("call failed", thrown);
            }
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
