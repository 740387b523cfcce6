package io.lynx.job;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * A cron expression with five fields, as described by crontab(5) of Vixie cron. Immutable.
 */
final class CronExpression {
    /** Every combination of month, day and weekday occurs within 28 years, but for the skipped leap day of 2100. */
    private static final int MOST_DAYS = 40 * 366;

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet daysOfMonth;
    private final BitSet months;
    private final BitSet daysOfWeek;
    private final boolean eitherDay;

    private CronExpression(String text, String[] fields) {
        this.text = text;
        this.minutes = field(fields[0], "minute", 0, 59, List.of());
        this.hours = field(fields[1], "hour", 0, 23, List.of());
        this.daysOfMonth = field(fields[2], "day of the month", 1, 31, List.of());
        this.months = field(fields[3], "month", 1, 12, MONTHS);
        this.daysOfWeek = field(fields[4], "day of the week", 0, 7, DAYS);
        if (daysOfWeek.get(7)) {
            daysOfWeek.set(0);
        }
        this.eitherDay = !fields[2].startsWith("*") && !fields[4].startsWith("*");
    }

    /**
     * Parses an expression.
     *
     * @throws IllegalArgumentException if it is malformed or never matches
     */
    static CronExpression parse(String text) {
        String[] fields = text.strip().split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException("cron expression: '" + text + "' has " + fields.length
                    + " fields; write five: minute, hour, day of the month, month, day of the week");
        }
        CronExpression expression = new CronExpression(text.strip(), fields);
        expression.requireSomeDay();
        return expression;
    }

    private void requireSomeDay() {
        LocalDate from = LocalDate.of(2000, 1, 1);
        if (from.datesUntil(from.plusDays(MOST_DAYS)).noneMatch(this::matches)) {
            throw new IllegalArgumentException("cron expression: '" + text + "' matches no day of any year");
        }
    }

    private BitSet field(String field, String name, int least, int most, List<String> names) {
        BitSet values = new BitSet();
        for (String part : field.split(",", -1)) {
            String[] stepped = part.split("/", -1);
            String range = stepped[0];
            int step = stepped.length == 1 ? 1 : number(stepped[1], field, name, 1, most, List.of());
            int from;
            int to;
            if (range.equals("*")) {
                from = least;
                to = most;
            } else {
                String[] ends = range.split("-", -1);
                from = number(ends[0], field, name, least, most, names);
                to = ends.length > 1
                        ? number(ends[1], field, name, least, most, names)
                        : stepped.length > 1 ? most : from;
                if (ends.length > 2 || to < from) {
                    throw malformed(field, name, least, most);
                }
            }
            if (stepped.length > 2) {
                throw malformed(field, name, least, most);
            }
            for (int value = from; value <= to; value += step) {
                values.set(value);
            }
        }
        return values;
    }

    private int number(String part, String field, String name, int least, int most, List<String> names) {
        int named = names.indexOf(part.toLowerCase(Locale.ROOT));
        if (named >= 0) {
            return named + (names.size() == MONTHS.size() ? 1 : 0);
        }
        if (!part.matches("\\d{1,2}")) {
            throw malformed(field, name, least, most);
        }
        int value = Integer.parseInt(part);
        if (value < least || value > most) {
            throw malformed(field, name, least, most);
        }
        return value;
    }

    private IllegalArgumentException malformed(String field, String name, int least, int most) {
        return new IllegalArgumentException("cron expression: '" + text + "', " + name + " '" + field
                + "'; write '*', numbers from " + least + " to " + most
                + ", ranges such as '1-5', steps such as '*/15', or a list of these with commas");
    }

    private boolean matches(LocalDate day) {
        if (!months.get(day.getMonthValue())) {
            return false;
        }
        boolean ofMonth = daysOfMonth.get(day.getDayOfMonth());
        boolean ofWeek = daysOfWeek.get(day.getDayOfWeek().getValue() % 7);
        return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
    }

    /** Returns the first time after {@code now} that matches, in the same zone. */
    ZonedDateTime nextAfter(ZonedDateTime now) {
        LocalDate today = now.toLocalDate();
        for (LocalDate day = today; day.isBefore(today.plusDays(MOST_DAYS)); day = day.plusDays(1)) {
            if (matches(day)) {
                for (int hour = hours.nextSetBit(0); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
                    for (int minute = minutes.nextSetBit(0); minute >= 0; minute = minutes.nextSetBit(minute + 1)) {
                        ZonedDateTime time = LocalDateTime.of(day, LocalTime.of(hour, minute))
                                .atZone(now.getZone());
                        if (time.isAfter(now)) {
                            return time;
                        }
                    }
                }
            }
        }
        throw new IllegalStateException("cron expression: '" + text + "' matches no day after " + now);
    }

    @Override
    public String toString() {
        return text;
    }
}
