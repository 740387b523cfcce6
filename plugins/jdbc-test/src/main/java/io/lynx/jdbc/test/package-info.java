/**
 * Databases for tests: {@link io.lynx.jdbc.test.WithPostgres} gives a test class a schema of its own on a PostgreSQL server that the
 * tests of a JVM share.
 */
@NullMarked
package io.lynx.jdbc.test;

import org.jspecify.annotations.NullMarked;
