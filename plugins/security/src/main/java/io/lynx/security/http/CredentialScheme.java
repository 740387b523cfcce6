package io.lynx.security.http;

/** The kinds of credentials. */
enum CredentialScheme {
    /** None of a kind that is configured. */
    NONE("none"),
    /** Bearer tokens that are JWTs. */
    JWT("jwt"),
    /** Bearer tokens that the provider checks. */
    INTROSPECTION("introspection"),
    /** Keys in a header of their own. */
    API_KEY("api_key"),
    /** User and password. */
    BASIC("basic"),
    /** Those of authenticators that the application adds. */
    OTHER("other");

    private final String label;

    CredentialScheme(String label) {
        this.label = label;
    }

    /** Returns its value of the label {@code scheme}. */
    String label() {
        return label;
    }

    boolean isBearer() {
        return this == JWT || this == INTROSPECTION;
    }
}
