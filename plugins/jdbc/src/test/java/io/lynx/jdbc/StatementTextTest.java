package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT id FROM orders WHERE id = ?              | SELECT orders      | true
            select * from "Orders" o join item i on 1 = 1   | SELECT orders      | true
            SELECT 1                                        | SELECT             | true
            INSERT INTO shop.orders (a) VALUES (?)          | INSERT shop.orders | false
            UPDATE orders SET a = 1                         | UPDATE orders      | false
            DELETE FROM orders                              | DELETE orders      | false
            /* orders.find */ SELECT 1                      | orders.find        | true
            /* two words */ SELECT 1                        | SELECT             | true
            -- a comment                                    | other              | false
            (SELECT 1) UNION (SELECT 2)                     | SELECT             | true
            WITH x AS (SELECT 1) SELECT * FROM x            | WITH x             | true
            WITH x AS (SELECT 1) DELETE FROM orders         | WITH orders        | false
            COMMIT                                          | COMMIT             | false
            SELECT 1 INTO copy FROM orders                  | SELECT copy        | true
            """)
    void names(String sql, String name, boolean isRead) {
        assertThat(StatementText.of(sql)).isEqualTo(new StatementText(name, isRead));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT a1 FROM t WHERE x = 'it''s' AND y = 12.5 | SELECT a1 FROM t WHERE x = ?? AND y = ?
            SELECT $1, $$text$$, $q$more$q$                 | SELECT $1, ?, ?
            INSERT INTO t VALUES (1, 'unfinished            | INSERT INTO t VALUES (?, ?
            """)
    void valuesAreNotShown(String sql, String shown) {
        assertThat(StatementText.shown(sql)).isEqualTo(shown);
    }

    @Test
    void longStatementsAreRead() {
        String values = "'" + "x".repeat(100_000) + "'";

        assertThat(StatementText.shown("SELECT " + values + ", " + "a, ".repeat(2_000)))
                .startsWith("SELECT ?, a")
                .endsWith("…");
        assertThat(StatementText.of("/* " + "x".repeat(100_000) + " */ SELECT 1")
                        .name())
                .isEqualTo("SELECT");
    }
}
