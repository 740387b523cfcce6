package io.lynx.jdbc;

import io.lynx.jdbc.driver.DriverCall;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.ResultSet;
import java.sql.Statement;
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
    @SuppressWarnings("ReferenceEquality") // A call is equal to itself only.
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        return switch (method.getName()) {
            case "getConnection" -> connection;
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> {
                Object result = method.getName().startsWith("execute")
                        ? connection.<@Nullable Object>execute(
                                kind, raw, () -> DriverCall.invoke(raw, method, arguments))
                        : DriverCall.invoke(raw, method, arguments);
                yield result instanceof ResultSet rows
                        ? new ManagedResultSet(rows, (Statement) proxy, raw, connection, kind)
                        : result;
            }
        };
    }
}
