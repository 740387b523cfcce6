/** Databases for tests of services that use JDBC. */
@org.jspecify.annotations.NullMarked
module io.lynx.jdbc.test {
    requires transitive io.lynx.testkit;
    requires transitive java.sql;
    requires static com.google.errorprone.annotations;
    requires static org.junit.jupiter.api;

    exports io.lynx.jdbc.test;
}
