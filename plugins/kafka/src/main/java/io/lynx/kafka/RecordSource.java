package io.lynx.kafka;

import io.lynx.context.ContextSource;
import io.lynx.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** The context of the handling of a record, from its headers. Thread-safe. */
final class RecordSource implements ContextSource {
    private static final String REQUEST_TIMEOUT = "x-request-timeout";

    private final ConsumerRecord<byte[], byte[]> record;
    private final String operation;
    private final Deadline deadline;

    RecordSource(ConsumerRecord<byte[], byte[]> record, String operation, Deadline deadline) {
        this.record = record;
        this.operation = operation;
        this.deadline = deadline;
    }

    @Override
    public List<String> headers(String name) {
        if (name.equals(REQUEST_TIMEOUT)) {
            return List.of(); // The request that sent the record does not wait for its handling.
        }
        List<String> values = new ArrayList<>(1);
        for (Header header : record.headers().headers(name)) {
            if (header.value() != null) {
                values.add(new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    @Override
    public String newRequestId() {
        return record.topic() + "-" + record.partition() + ":" + record.offset();
    }

    @Override
    public String operation() {
        return operation;
    }

    @Override
    public Optional<Deadline> answerBy() {
        return Optional.of(deadline);
    }

    @Override
    public void ignored(String header) {
        // A malformed header of a record says nothing about this service.
    }
}
