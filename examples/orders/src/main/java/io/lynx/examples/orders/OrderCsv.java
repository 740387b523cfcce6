package io.lynx.examples.orders;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.lynx.http.HttpException;
import io.lynx.http.ValidationException;
import io.lynx.http.ValidationException.FieldError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders as CSV (RFC 4180) in UTF-8, with the names of the columns in the first line. */
final class OrderCsv {
    static final int MOST_ORDERS = 1_000;
    static final int MOST_PROBLEMS = 100;
    private static final String FORMULA = "=+-@\t\r";

    private OrderCsv() {}

    /**
     * Reads new orders from the columns {@code customer}, {@code product}, {@code quantity} and {@code unit_price}; others are ignored.
     *
     * @throws ValidationException (422) with every invalid value, up to a hundred
     * @throws HttpException (400) if the file is not CSV in UTF-8, (413) if it has more than {@link #MOST_ORDERS} orders
     */
    static List<NewOrder.Valid> read(InputStream file) throws IOException {
        List<NewOrder.Valid> orders = new ArrayList<>();
        List<FieldError> problems = new ArrayList<>();
        try (Reader text = new InputStreamReader(file, StandardCharsets.UTF_8.newDecoder());
                CsvReader<NamedCsvRecord> lines = CsvReader.builder()
                        .allowMissingFields(true)
                        .detectBomHeader(false)
                        .ofNamedCsvRecord(text)) {
            for (NamedCsvRecord line : lines) {
                if (orders.size() == MOST_ORDERS) {
                    throw new HttpException(413, "the file has more than " + MOST_ORDERS + " orders");
                }
                read(line, orders, problems);
                if (problems.size() >= MOST_PROBLEMS) {
                    break;
                }
            }
        } catch (CsvParseException e) {
            throw unreadable(e);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw notUtf8(e);
            }
            throw e;
        } catch (CharacterCodingException e) {
            throw notUtf8(e);
        }
        if (!problems.isEmpty()) {
            throw new ValidationException(problems);
        }
        return orders;
    }

    private static HttpException unreadable(CsvParseException e) {
        return e.getCause() instanceof CharacterCodingException
                ? notUtf8(e)
                : new HttpException(400, "the file is not CSV: " + e.getMessage(), e);
    }

    private static HttpException notUtf8(Exception e) {
        return new HttpException(400, "the file is not UTF-8", e);
    }

    private static void read(NamedCsvRecord line, List<NewOrder.Valid> orders, List<FieldError> problems) {
        try {
            orders.add(new NewOrder(
                            line.findField("customer").orElse(null),
                            line.findField("product").orElse(null),
                            integer(line.findField("quantity").orElse("")),
                            decimal(line.findField("unit_price").orElse("")))
                    .validated());
        } catch (ValidationException invalid) {
            for (FieldError error : invalid.errors()) {
                problems.add(new FieldError(
                        "line " + line.getStartingLineNumber() + ": " + column(error.field()), error.message()));
            }
        }
    }

    private static String column(String field) {
        return field.equals("unitPrice") ? "unit_price" : field;
    }

    private static @Nullable Integer integer(String text) {
        try {
            return Integer.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable BigDecimal decimal(String text) {
        try {
            return text.length() > 20 ? null : new BigDecimal(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static void writeHeader(CsvWriter out) {
        out.writeRecord("id", "customer", "product", "quantity", "unit_price", "total", "status", "placed_at");
    }

    /** Writes an order. A text that a spreadsheet would take for a formula begins with an apostrophe. */
    static void write(Order order, CsvWriter out) {
        out.writeRecord(
                Long.toString(order.id()),
                text(order.customer()),
                text(order.product()),
                Integer.toString(order.quantity()),
                order.unitPrice().toPlainString(),
                order.total().toPlainString(),
                order.status().name(),
                order.placedAt().toString());
    }

    private static String text(String value) {
        return !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    }
}
