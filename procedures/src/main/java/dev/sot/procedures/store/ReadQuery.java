package dev.sot.procedures.store;

import dev.sot.procedures.config.ConfigurationException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.neo4j.graphdb.QueryExecutionException;
import org.neo4j.graphdb.QueryExecutionType.QueryType;
import org.neo4j.graphdb.Result;
import org.neo4j.graphdb.Transaction;

/** A query of the caller's own, with the caller's rights, that may only read. */
final class ReadQuery {

    private ReadQuery() {}

    /**
     * Runs it, after making sure that it only reads.
     *
     * @param key the configuration key that holds it, for messages
     * @param problem makes an error of a message
     * @param rows takes the result
     */
    static void run(
            Transaction tx,
            String key,
            String query,
            Map<String, Object> parameters,
            Function<String, ConfigurationException> problem,
            Consumer<Result> rows) {
        try {
            QueryType type;
            try (Result explained = tx.execute("EXPLAIN " + query, parameters)) {
                type = explained.getQueryExecutionType().queryType();
            }
            if (type != QueryType.READ_ONLY) {
                throw problem.apply(
                        "`" + key + "` is not a query that only reads, and was not run: " + type);
            }
            try (Result result = tx.execute(query, parameters)) {
                rows.accept(result);
            }
        } catch (QueryExecutionException e) {
            throw problem.apply("`" + key + "` fails: " + e.getMessage());
        }
    }
}
