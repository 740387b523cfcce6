/** The logging backend of Lynx services: Logback, configured by {@code lynx.log.*}. */
@org.jspecify.annotations.NullMarked
module io.lynx.logging {
    requires io.lynx.core;
    requires org.jspecify;
    requires org.slf4j;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires static java.logging;

    // Java's own logging makes its configuration class by name.
    exports io.lynx.logging to
            java.logging;

    provides ch.qos.logback.classic.spi.Configurator with
            io.lynx.logging.LynxConfigurator;
    provides io.lynx.app.LoggingBackend with
            io.lynx.logging.LogbackBackend;
}
