/** Tools for tests of Lynx services: manual time, recorders and a JUnit extension. */
@org.jspecify.annotations.NullMarked
module io.lynx.testkit {
    requires transitive io.lynx.core;
    requires transitive org.jspecify;
    requires static org.junit.jupiter.api;

    exports io.lynx.testkit;
}
