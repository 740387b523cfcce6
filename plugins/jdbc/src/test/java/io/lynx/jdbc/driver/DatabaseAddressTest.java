package io.lynx.jdbc.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseAddressTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db.example.com:5433/orders?ssl=true, postgresql, db.example.com, 5433, orders",
        "jdbc:postgresql://db/orders, postgresql, db, 0, orders",
        "'jdbc:postgresql://a:1,b:2/orders', postgresql, a, 1, orders",
        "jdbc:mariadb://db:3306/orders, mariadb, db, 3306, orders",
        "jdbc:h2:mem:orders, h2database, '', 0, ''",
        "jdbc:h2:tcp://host:9092/~/x, h2database, host, 9092, ~/x",
        "jdbc:odd, other_sql, '', 0, ''"
    })
    void isReadFromTheUrl(String url, String system, String host, int port, String database) {
        assertThat(DatabaseAddress.of(url)).isEqualTo(new DatabaseAddress(system, host, port, database));
    }
}
