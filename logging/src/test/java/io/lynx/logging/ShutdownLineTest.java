package io.lynx.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The last line of a service, on a terminal and elsewhere. */
class ShutdownLineTest {
    private static final ZoneId UTC = ZoneId.of("UTC");

    @RegisterExtension
    private final RecordedLines lines = new RecordedLines("io.lynx");

    @Test
    void isShortOnATerminalAndCompleteElsewhere() throws InterruptedException {
        ILoggingEvent report = reportOfAStop();

        assertThat(line(new TextFormat(UTC, true, false), report))
                .matches("\\S+ INFO  io\\.lynx  Stopped trigger=test ms=\\S+ in_flight_start=0 exit_code=0\n");
        assertThat(line(new TextFormat(UTC, false, false), report)).contains(" plugins_ms=", " steps=", " plugins=");
        assertThat(line(new JsonFormat(), report))
                .contains("\"plugins_ms\":", "\"steps\":[", "\"cut_off\":[]", "\"plugins\":[");
    }

    private ILoggingEvent reportOfAStop() throws InterruptedException {
        try (Application application = Application.builder()
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .discoverPlugins(false)
                .build()) {
            application.start();
            application.requestStop("test");
            ShutdownReport report = application.awaitStop();
            assertThat(report.isClean()).isTrue();
        }
        return lines.events().stream()
                .filter(event -> event.getMessage().startsWith("Stopped"))
                .findFirst()
                .orElseThrow();
    }

    private static String line(LineFormat format, ILoggingEvent event) {
        StringBuilder out = new StringBuilder();
        format.format(event, out);
        return out.toString();
    }
}
