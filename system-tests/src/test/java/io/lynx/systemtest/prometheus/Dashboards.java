package io.lynx.systemtest.prometheus;

import io.lynx.systemtest.process.Folders;
import java.util.List;

/**
 * The dashboards that are shipped.
 *
 * @param all by the names of their files
 */
public record Dashboards(List<Dashboard> all) {
    /**
     * One expression, ready to be asked.
     *
     * @param query where it is from
     * @param expression without variables
     */
    public record Expression(Dashboard.Query query, String expression) {
        @Override
        public String toString() {
            return query + ": " + expression;
        }
    }

    /** Copies the list. */
    public Dashboards {
        all = List.copyOf(all);
    }

    /** Those of the repository. */
    public static Dashboards shipped() {
        return new Dashboards(Folders.files(Ops.DASHBOARDS, ".json").stream()
                .map(Dashboard::read)
                .toList());
    }

    /** Every expression of every panel. */
    public List<Expression> expressions(DashboardVariables variables) {
        return queries().stream()
                .map(query -> new Expression(query, query.resolved(variables)))
                .toList();
    }

    /** Every query of every panel. */
    public List<Dashboard.Query> queries() {
        return all.stream().flatMap(dashboard -> dashboard.queries().stream()).toList();
    }

    /** Every panel. */
    public List<Dashboard.Panel> panels() {
        return all.stream().flatMap(dashboard -> dashboard.panels().stream()).toList();
    }

    /** Every variable that is asked of Prometheus. */
    public List<Dashboard.LabelVariable> labelVariables() {
        return all.stream()
                .flatMap(dashboard -> dashboard.labelVariables().stream())
                .toList();
    }
}
