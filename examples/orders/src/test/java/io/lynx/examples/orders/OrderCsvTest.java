package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.lynx.http.HttpException;
import io.lynx.http.ValidationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderCsvTest {
    private static final String HEADER = "customer,product,quantity,unit_price\n";

    private static List<NewOrder.Valid> read(String text) throws IOException {
        return OrderCsv.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsOrders() throws IOException {
        assertThat(read(HEADER + "ada,lamp,2,9.90\n\"Lovelace, A.\",\"a \"\"big\"\" lamp\",1,20\n"))
                .containsExactly(
                        new NewOrder.Valid("ada", "lamp", 2, new BigDecimal("9.90")),
                        new NewOrder.Valid("Lovelace, A.", "a \"big\" lamp", 1, new BigDecimal("20.00")));
    }

    @Test
    void readsColumnsInAnyOrderAndIgnoresOthers() throws IOException {
        assertThat(read("unit_price,id,quantity,product,customer\r\n1.00,7,1,lamp,ada\r\n"))
                .containsExactly(new NewOrder.Valid("ada", "lamp", 1, new BigDecimal("1.00")));
    }

    @Test
    void namesEveryInvalidValue() {
        assertThatThrownBy(() -> read(HEADER + ",lamp,2,9.90\nada,lamp,many,-1\n"))
                .isInstanceOfSatisfying(ValidationException.class, e -> assertThat(e.errors())
                        .extracting(ValidationException.FieldError::field)
                        .containsExactly("line 2: customer", "line 3: quantity", "line 3: unit_price"));
    }

    @Test
    void doesNotNameMoreThanTheFirstProblems() {
        assertThatThrownBy(() -> read(HEADER + ",,,\n".repeat(500)))
                .asInstanceOf(type(ValidationException.class))
                .extracting(e -> e.errors().size())
                .isEqualTo(100);
    }

    @Test
    void refusesMoreOrdersThanAnImportMayHave() {
        assertThatThrownBy(() -> read(HEADER + "ada,lamp,2,9.90\n".repeat(OrderCsv.MOST_ORDERS + 1)))
                .asInstanceOf(type(HttpException.class))
                .extracting(HttpException::status)
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer,customer\na,b\n", HEADER + "\"ada,lamp,2,9.90\n" + "x"})
    void doesNotFailOnOddFiles(String text) {
        assertThatThrownBy(() -> read(text))
                .asInstanceOf(type(HttpException.class))
                .extracting(HttpException::status)
                .isIn(400, 422);
    }

    @Test
    void refusesAFileThatIsNotUtf8() {
        byte[] latin1 = (HEADER + "J\u00fcrgen,lamp,2,9.90\n").getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> OrderCsv.read(new ByteArrayInputStream(latin1)))
                .isInstanceOf(HttpException.class)
                .hasMessage("the file is not UTF-8");
    }

    @Test
    void anEmptyFileHasNoOrders() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read(HEADER)).isEmpty();
    }

    @Test
    void writesNoFormulas() throws IOException {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().build(text)) {
            OrderCsv.writeHeader(csv);
            OrderCsv.write(
                    new Order(
                            7,
                            "=HYPERLINK(\"x\")",
                            "lamp",
                            2,
                            new BigDecimal("9.90"),
                            new BigDecimal("19.80"),
                            OrderStatus.PLACED,
                            Instant.EPOCH),
                    csv);
        }

        assertThat(text.toString())
                .isEqualTo(String.join(
                        "\r\n",
                        "id,customer,product,quantity,unit_price,total,status,placed_at",
                        "7,\"'=HYPERLINK(\"\"x\"\")\",lamp,2,9.90,19.80,PLACED,1970-01-01T00:00:00Z",
                        ""));
    }
}
