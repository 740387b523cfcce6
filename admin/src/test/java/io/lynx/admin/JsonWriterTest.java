package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private static String written(Object value) {
        return new JsonWriter().value(value).toString();
    }

    @Test
    void indentsAndKeepsTheOrder() {
        String json = new JsonWriter()
                .object()
                .member("b", 1)
                .array("a")
                .value("x")
                .object()
                .endObject()
                .endArray()
                .array("none")
                .endArray()
                .endObject()
                .toString();

        assertThat(json).isEqualTo("""
                {
                  "b": 1,
                  "a": [
                    "x",
                    {}
                  ],
                  "none": []
                }
                """);
    }

    @Test
    void writesKnownTypesAsJsonTypes() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("int", 1);
        values.put("decimal", new BigDecimal("1.50"));
        values.put("double", 0.5);
        values.put("nan", Double.NaN);
        values.put("flag", true);
        values.put("enum", HealthFormat.HEALTH_JSON);
        values.put("instant", Instant.EPOCH);
        values.put("duration", Duration.ofSeconds(5));
        values.put("array", new int[] {1, 2});
        values.put("nothing", null);

        assertThat(written(values)).isEqualTo("""
                {
                  "int": 1,
                  "decimal": 1.50,
                  "double": 0.5,
                  "nan": "NaN",
                  "flag": true,
                  "enum": "HEALTH_JSON",
                  "instant": "1970-01-01T00:00:00Z",
                  "duration": "PT5S",
                  "array": [
                    1,
                    2
                  ],
                  "nothing": null
                }
                """);
    }

    @Test
    void escapesCharactersThatJsonForbids() {
        assertThat(written("a\"b\\c\n\r\t\u0001\u007f")).isEqualTo("\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u007f\"\n");
        assertThat(written("\ud83d\ude00")).isEqualTo("\"\ud83d\ude00\"\n");
        assertThat(written("\ud83d")).isEqualTo("\"\\ud83d\"\n");
        assertThat(written("\ude00x")).isEqualTo("\"\\ude00x\"\n");
    }

    @Test
    void writesANumberOfAnUnknownKindAsText() {
        Number strange = new Number() {
            @Override
            public int intValue() {
                return 1;
            }

            @Override
            public long longValue() {
                return 1;
            }

            @Override
            public float floatValue() {
                return 1;
            }

            @Override
            public double doubleValue() {
                return 1;
            }

            @Override
            public String toString() {
                return "one";
            }
        };

        assertThat(written(strange)).isEqualTo("\"one\"\n");
    }

    @Test
    void survivesValuesThatCannotBeDescribed() {
        Object silent = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("not now");
            }
        };
        Collection<Object> changing = new AbstractCollection<>() {
            @Override
            public Iterator<Object> iterator() {
                throw new ConcurrentModificationException();
            }

            @Override
            public int size() {
                return 1;
            }
        };

        assertThat(written(silent)).startsWith("\"io.lynx.admin.JsonWriterTest$");
        assertThat(written(changing)).isEqualTo("[]\n");
    }

    @Test
    void boundsDepthAndLength() {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);

        assertThat(written(endless)).hasSizeLessThan(2_000);
        assertThat(written("x".repeat(100_000))).hasSizeLessThan(10_000);
    }
}
