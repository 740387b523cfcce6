/** Reads and writes JSON by Jackson 3. */
@org.jspecify.annotations.NullMarked
module io.lynx.json.jackson {
    requires transitive io.lynx.core;
    requires transitive tools.jackson.databind;

    exports io.lynx.json.jackson;

    provides io.lynx.json.JsonCodec with
            io.lynx.json.jackson.JacksonCodec;
}
