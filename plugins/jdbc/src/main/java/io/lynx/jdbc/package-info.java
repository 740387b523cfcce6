/**
 * Databases by JDBC. {@link io.lynx.jdbc.JdbcPlugin} shares a {@link javax.sql.DataSource} for each section {@code lynx.jdbc.<name>},
 * whose connections are pooled, measured, limited in time and guarded by a circuit breaker, and {@link io.lynx.jdbc.Transactions}.
 */
@NullMarked
package io.lynx.jdbc;

import org.jspecify.annotations.NullMarked;
