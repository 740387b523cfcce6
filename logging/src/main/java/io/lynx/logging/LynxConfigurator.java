package io.lynx.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.BasicStatusManager;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import ch.qos.logback.core.status.StatusManager;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;

/**
 * Configures Logback without XML, at level INFO and as text, until {@link LogbackBackend} receives the configuration.
 * If the service has a {@code logback.xml} (or {@code logback-test.xml}, or a file named by {@code
 * logback.configurationFile}), that is used instead, and {@code lynx.log.level} and {@code .levels} override its
 * levels. Logback finds this class through {@link java.util.ServiceLoader}. Used by one thread.
 *
 * <p>This runs before all other code of a service. It and the code that it calls use no lambdas, streams or formatters,
 * because the first of each costs the JVM milliseconds.
 */
public final class LynxConfigurator extends ContextAwareBase implements Configurator {
    private static final Duration LAST_FLUSH = Duration.ofSeconds(1);

    /** Called by {@link java.util.ServiceLoader}. */
    public LynxConfigurator() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        showRequests(context);
        if (isConfiguredByFile()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        context.getStatusManager().add(new Complaints());
        var output = new StandardOutput(context, new SystemOut(), null);
        output.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(output);
        JavaLogging.redirect();
        flushAtTheEnd(output);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Adds the ids of the bound request to the MDC of each event. Logback would warn of the second adapter, which is meant here. */
    static void showRequests(LoggerContext context) {
        if (context.getMDCAdapter() instanceof LogbackMDCAdapter written) {
            StatusManager statuses = context.getStatusManager();
            context.setStatusManager(new BasicStatusManager());
            context.setMDCAdapter(new RequestMdcAdapter(written));
            context.setStatusManager(statuses);
        }
    }

    private static void flushAtTheEnd(StandardOutput output) {
        try {
            Runtime.getRuntime().addShutdownHook(new LastFlush(output));
        } catch (IllegalStateException exiting) {
            // The process is shutting down already, so lines are written without a guarantee.
        }
    }

    private static boolean isConfiguredByFile() {
        ClassLoader loader = LoggerContext.class.getClassLoader();
        return System.getProperty("logback.configurationFile") != null
                || loader.getResource("logback-test.xml") != null
                || loader.getResource("logback.xml") != null;
    }

    /** Writes the lines of other shutdown hooks, and those before a plain {@code System.exit}. */
    private static final class LastFlush extends Thread {
        private final StandardOutput output;

        LastFlush(StandardOutput output) {
            super("lynx-log-shutdown");
            this.output = output;
        }

        @Override
        public void run() {
            output.close(Deadline.after(LAST_FLUSH, Ticker.system()));
        }
    }

    /** Prints problems inside Logback on standard error. */
    private static final class Complaints implements StatusListener {
        @Override
        public void addStatusEvent(Status status) {
            if (status.getLevel() >= Status.WARN) {
                System.err.println("logging: " + status);
            }
        }
    }
}
