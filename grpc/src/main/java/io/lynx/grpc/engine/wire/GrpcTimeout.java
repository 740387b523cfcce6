package io.lynx.grpc.engine.wire;

/** The header {@code grpc-timeout}: up to eight digits and a unit. Stateless. */
public final class GrpcTimeout {
    public static final String HEADER = "grpc-timeout";

    /** The value is malformed. */
    public static final long MALFORMED = -1;

    private static final int MOST_DIGITS = 8;
    private static final long FIRST_TOO_LARGE = 100_000_000;
    private static final String UNITS = "numSMH";

    private GrpcTimeout() {}

    /** The nanoseconds that {@code text} means, 292 years at most; {@link #MALFORMED} if it is not a time. */
    public static long nanos(String text) {
        int digits = text.length() - 1;
        if (digits < 1 || digits > MOST_DIGITS) {
            return MALFORMED;
        }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return MALFORMED;
            }
            number = number * 10 + digit;
        }
        return switch (text.charAt(digits)) {
            case 'n' -> number;
            case 'u' -> number * 1_000;
            case 'm' -> number * 1_000_000;
            case 'S' -> number * 1_000_000_000;
            case 'M' -> saturated(number, 60L * 1_000_000_000);
            case 'H' -> saturated(number, 3600L * 1_000_000_000);
            default -> MALFORMED;
        };
    }

    /** Returns the header for these nanoseconds, in the finest unit that eight digits allow. */
    public static String text(long nanos) {
        long number = Math.max(0, nanos);
        for (int unit = 0; unit < UNITS.length() - 1; unit++) {
            if (number < FIRST_TOO_LARGE) {
                return number + UNITS.substring(unit, unit + 1);
            }
            number /= unit < 3 ? 1000 : 60;
        }
        return Math.min(number, FIRST_TOO_LARGE - 1) + "H";
    }

    private static long saturated(long number, long unit) {
        return number > Long.MAX_VALUE / unit ? Long.MAX_VALUE : number * unit;
    }
}
