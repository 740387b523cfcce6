package io.lynx.context;

import io.lynx.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request with these headers; it counts how often each is read. */
final class TestSource implements ContextSource {
    final List<String> reads = new ArrayList<>();
    final List<String> ignored = new ArrayList<>();
    private final Map<String, List<String>> headers;
    private final @Nullable Deadline deadline;

    TestSource(Map<String, List<String>> headers) {
        this(headers, null);
    }

    TestSource(Map<String, List<String>> headers, @Nullable Deadline deadline) {
        this.headers = headers;
        this.deadline = deadline;
    }

    static TestSource with(String name, String... values) {
        return new TestSource(Map.of(name, List.of(values)));
    }

    @Override
    public List<String> headers(String name) {
        reads.add(name);
        return headers.getOrDefault(name, List.of());
    }

    @Override
    public String operation() {
        return "GET /test";
    }

    @Override
    public String newRequestId() {
        return "made-" + reads.size();
    }

    @Override
    public Optional<Deadline> answerBy() {
        return Optional.ofNullable(deadline);
    }

    @Override
    public void ignored(String header) {
        ignored.add(header);
    }
}
