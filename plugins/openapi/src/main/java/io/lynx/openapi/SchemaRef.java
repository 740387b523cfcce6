package io.lynx.openapi;

/** A place in the document that refers to a schema, whose name is decided when all schemas are known. Not thread-safe. */
final class SchemaRef {
    private String name = "";

    void name(String decided) {
        this.name = decided;
    }

    @Override
    public String toString() {
        return "#/components/schemas/" + name;
    }
}
