package io.lynx.app;

import io.lynx.time.Deadline;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A logging backend that writes down what it is to apply, and does then what a test tells it. */
final class RecordingBackend implements LoggingBackend {
    final List<LogConfig> applied = new CopyOnWriteArrayList<>();
    volatile Consumer<LogConfig> onApply = _ -> {};

    @Override
    public void apply(LogConfig config) {
        applied.add(config);
        onApply.accept(config);
    }

    @Override
    public LogLevel level(String logger) {
        return applied.getLast().level();
    }

    @Override
    public void setLevel(String logger, @Nullable LogLevel level) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, LogLevel> levels() {
        return Map.of();
    }

    @Override
    public boolean flush(Deadline deadline) {
        return true;
    }

    @Override
    public boolean close(Deadline deadline) {
        return true;
    }
}
