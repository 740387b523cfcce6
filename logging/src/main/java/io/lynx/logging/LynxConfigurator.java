package io.lynx.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * Sets Logback up without XML, at INFO and as text, until {@link LogbackBackend} is given the configuration. A service
 * that brings a {@code logback.xml} (or {@code logback-test.xml}, or names one by {@code logback.configurationFile}) has
 * that instead; {@code lynx.log.level} and {@code .levels} are applied over it all the same. Found by Logback through
 * {@link java.util.ServiceLoader}.
 */
public final class LynxConfigurator extends ContextAwareBase implements Configurator {
    private static final List<String> FILES = List.of("logback-test.xml", "logback.xml");
    private static final Duration LAST_FLUSH = Duration.ofSeconds(1);

    /** For {@link java.util.ServiceLoader}. */
    public LynxConfigurator() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (isConfiguredByFile()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Terminal terminal = Terminal.detect();
        var output = new StandardOutput(
                context,
                new FileOutputStream(FileDescriptor.out),
                new TextFormat(ZoneId.systemDefault(), terminal.present(), terminal.colours()));
        output.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(output);
        JavaLogging.redirect();
        // Lines from other shutdown hooks, and those of a plain System.exit, must not stay in the buffer.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> output.close(Deadline.after(LAST_FLUSH, Ticker.system())), "lynx-log-shutdown"));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static boolean isConfiguredByFile() {
        ClassLoader loader = LoggerContext.class.getClassLoader();
        return System.getProperty("logback.configurationFile") != null
                || FILES.stream().anyMatch(file -> loader.getResource(file) != null);
    }
}
