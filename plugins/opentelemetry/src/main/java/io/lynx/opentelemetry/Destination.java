package io.lynx.opentelemetry;

import io.lynx.time.Deadline;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.Collection;

/** Where metrics are pushed to. One push at a time; {@link #abort} may be called meanwhile. */
interface Destination {
    /** Sends {@code metrics} and waits until it is known how that went; never past {@code deadline}, and never throws. */
    Delivery deliver(Collection<MetricData> metrics, Deadline deadline);

    /** Ends the push that is under way, if there is one. */
    void abort();
}
