/** Kafka for tests of services that use it. */
@org.jspecify.annotations.NullMarked
module io.lynx.kafka.test {
    requires transitive io.lynx.testkit;
    requires transitive kafka.clients;
    requires static com.google.errorprone.annotations;
    requires static org.junit.jupiter.api;

    exports io.lynx.kafka.test;
}
