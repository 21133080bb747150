package dev.sot.procedures.meta;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.neo4j.graphdb.Result;
import org.neo4j.graphdb.Transaction;

/**
 * Lists what the database itself knows of the plugin, so that help cannot differ from the
 * procedures.
 */
final class Help {

    private Help() {}

    static List<HelpResult> of(Transaction tx, String keyword) {
        List<HelpResult> results = new ArrayList<>();
        for (String type : List.of("procedure", "function")) {
            try (Result result =
                    tx.execute(
                            "SHOW "
                                    + type.toUpperCase(Locale.ROOT)
                                    + "S YIELD name, description, signature WHERE name STARTS WITH"
                                    + " 'sot.' RETURN name, description, signature")) {
                result.forEachRemaining(
                        row ->
                                results.add(
                                        new HelpResult(
                                                type,
                                                (String) row.get("name"),
                                                (String) row.get("description"),
                                                (String) row.get("signature"))));
            }
        }
        String wanted = keyword == null ? "" : keyword.toLowerCase(Locale.ROOT);
        return results.stream()
                .filter(
                        r ->
                                (r.name + " " + r.description)
                                        .toLowerCase(Locale.ROOT)
                                        .contains(wanted))
                .sorted(Comparator.comparing((HelpResult r) -> r.name))
                .toList();
    }
}
