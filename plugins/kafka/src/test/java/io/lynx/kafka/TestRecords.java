package io.lynx.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records of tests. */
final class TestRecords {
    private static final int SIZE = 100;

    private TestRecords() {}

    /** Returns a record of partition 0 of the topic t, whose value has 100 bytes. */
    static ConsumerRecord<byte[], byte[]> record(long offset, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(
                "t",
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                bytes.length,
                SIZE,
                bytes,
                new byte[SIZE],
                new RecordHeaders(),
                Optional.empty());
    }
}
