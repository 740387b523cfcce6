package io.lynx.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.LynxTest;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaConfigTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "servers=kafka | servers: 'kafka' is not an address; write host:port, such as kafka.example.com:9092",
                "servers=kafka:0 | servers: 'kafka:0' is not an address",
                "servers=kafka://a:9092 | servers: 'kafka://a:9092' is not an address",
                "servers=a:1;user=u | password: is not set, but user is; set both or none",
                "servers=a:1;password=p | user: is not set, but",
                "servers=a:1;properties.group_id=g | properties: 'group_id' is set by the plugin",
                "servers=a:1;consumers.c.first_pause=1m | first_pause: is 60000ms; at most longest_pause (30000ms) is allowed",
                "servers=a:1;producer.linger=5s;producer.delivery_timeout=6s | linger: is 5000ms; at most half of delivery_timeout",
            })
    void refusesKeysThatDoNotFit(String settings, String message) {
        LynxTest.Builder builder = LynxTest.of(new KafkaPlugin());
        for (String setting : settings.split(";")) {
            int equals = setting.indexOf('=');
            builder.with("lynx.kafka." + setting.substring(0, equals), setting.substring(equals + 1));
        }

        assertThatThrownBy(() -> builder.start().close()).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "kafka.example.com:9092, kafka.example.com, 9092",
        "127.0.0.1:1, 127.0.0.1, 1",
        "[::1]:65535, ::1, 65535",
    })
    void knowsHostsAndPorts(String server, String host, int port) {
        InetSocketAddress address = KafkaConfig.parse(server);

        assertThat(address.getHostString()).isEqualTo(host);
        assertThat(address.getPort()).isEqualTo(port);
    }
}
