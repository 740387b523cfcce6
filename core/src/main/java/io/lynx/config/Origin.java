package io.lynx.config;

/**
 * The place where a value was written.
 *
 * @param source a file's name, {@code env NAME}, {@code -Dkey}, {@code --key} or {@code default}
 * @param line the line in the file, from 1; 0 if the source has no lines
 */
record Origin(String source, int line) {
    static final Origin DEFAULT = new Origin("default", 0);

    static Origin of(String source) {
        return new Origin(source, 0);
    }

    boolean isDefault() {
        return line == 0 && source.equals(DEFAULT.source);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
