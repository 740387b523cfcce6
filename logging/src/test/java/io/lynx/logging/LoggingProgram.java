package io.lynx.logging;

import io.lynx.app.LogConfig;
import io.lynx.app.LogFormat;
import io.lynx.app.LogLevel;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** What {@link LoggingProcessTest} runs: logs a lot in some way and ends at once. */
final class LoggingProgram {
    private LoggingProgram() {}

    public static void main(String[] args) throws IOException {
        var logger = LoggerFactory.getLogger("orders.program");
        switch (args[0]) {
            case "exit" -> {
                new LogbackBackend().apply(new LogConfig(LogLevel.INFO, Map.of(), LogFormat.TEXT));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> logger.info("from a hook")));
                for (int i = 0; i < 5_000; i++) {
                    logger.info("line {}", i);
                }
                System.exit(3);
            }
            case "flood" -> {
                // More than the buffer and the pipe hold; nobody reads.
                String line = "x".repeat(1_000);
                for (int i = 0; i < 5_000; i++) {
                    logger.info(line);
                }
                System.exit(4);
            }
            case "full" -> {
                // More than the file may take, until the test empties it.
                String line = "x".repeat(1_000);
                for (int i = 0; i < 100; i++) {
                    logger.info(line);
                }
                boolean _ = new LogbackBackend().flush(Deadline.after(Duration.ofSeconds(20), Ticker.system()));
                System.err.println("full");
                int _ = System.in.read();
                logger.info("after");
                System.exit(5);
            }
            case "java" -> {
                System.getLogger("from.platform").log(System.Logger.Level.WARNING, "one");
                java.util.logging.Logger.getLogger("from.jul").info("two {0}");
            }
            default -> {
                new LogbackBackend()
                        .apply(new LogConfig(LogLevel.INFO, Map.of("orders", LogLevel.DEBUG), LogFormat.JSON));
                logger.debug("seen");
                LoggerFactory.getLogger("other").debug("unseen");
            }
        }
    }
}
