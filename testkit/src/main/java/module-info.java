/** Tools for tests of Lynx services: manual time, recorders and a JUnit extension. */
@org.jspecify.annotations.NullMarked
module io.lynx.testkit {
    requires transitive io.lynx.core;
    requires transitive org.jspecify;
    requires java.logging;
    requires java.net.http;
    requires jdk.management;
    requires static ch.qos.logback.classic;
    requires static ch.qos.logback.core;
    requires static com.google.errorprone.annotations;
    requires static org.junit.jupiter.api;

    exports io.lynx.testkit;
}
