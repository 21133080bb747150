package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the plugin says of itself in the database. */
class HelpTest {

    @RegisterExtension static final Database database = Database.withoutSchema();

    @Test
    void helpListsEveryProcedureAndFunction() {
        List<Object> registered =
                database
                        .rows(
                                "SHOW PROCEDURES YIELD name WHERE name STARTS WITH 'sot.' RETURN"
                                        + " name")
                        .stream()
                        .map(r -> r.get("name"))
                        .toList();
        assertThat(registered).contains("sot.compress", "sot.import.circuit", "sot.help");
        List<Map<String, Object>> help = database.rows("CALL sot.help()");
        assertThat(help.stream().filter(r -> r.get("type").equals("procedure")))
                .extracting(r -> r.get("name"))
                .containsExactlyInAnyOrderElementsOf(registered);
        assertThat(help.stream().filter(r -> r.get("type").equals("function")))
                .extracting(r -> r.get("name"))
                .contains("sot.distance");
        assertThat(help)
                .allSatisfy(r -> assertThat((String) r.get("description")).isNotBlank())
                .allSatisfy(
                        r ->
                                assertThat((String) r.get("signature"))
                                        .startsWith((String) r.get("name")));
    }

    @Test
    void helpFindsAWordInNamesAndDescriptionsWhateverItsCase() {
        assertThat(database.rows("CALL sot.help('PLAN')"))
                .extracting(r -> r.get("name"))
                .contains("sot.plan")
                .doesNotContain("sot.space.drop");
        assertThat(database.rows("CALL sot.help('no such word')")).isEmpty();
    }

    @Test
    void everyArgumentAndEveryColumnHasADescription() {
        for (String type : List.of("PROCEDURES", "FUNCTIONS")) {
            for (Map<String, Object> callable :
                    database.rows(
                            "SHOW "
                                    + type
                                    + " YIELD name, description, argumentDescription,"
                                    + " returnDescription WHERE name STARTS WITH 'sot.' RETURN"
                                    + " *")) {
                String name = (String) callable.get("name");
                assertThat((String) callable.get("description")).as(name).isNotBlank();
                assertDescribed(name, callable.get("argumentDescription"));
                if (callable.get("returnDescription") instanceof List<?> columns) {
                    assertThat(columns).as("columns of " + name).isNotEmpty();
                    assertDescribed(name, columns);
                }
            }
        }
    }

    /** Where nothing is said, the database says only the type. */
    private static void assertDescribed(String name, Object items) {
        for (Object item : (List<?>) items) {
            Map<?, ?> described = (Map<?, ?>) item;
            assertThat((String) described.get("description"))
                    .as(name + ": " + described.get("name"))
                    .isNotBlank()
                    .doesNotContain("::");
        }
    }

    @Test
    void versionIsThatOfTheBuild() {
        assertThat((String) database.value("CALL sot.version() YIELD version"))
                .matches("\\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void theSchemaIsCreatedOnce() {
        List<Map<String, Object>> first = database.rows("CALL sot.schema.create()");
        assertThat(first).isNotEmpty().extracting(r -> r.get("status")).containsOnly("created");
        assertThat(database.rows("CALL sot.schema.create()"))
                .hasSameSizeAs(first)
                .extracting(r -> r.get("status"))
                .containsOnly("exists");
        assertThat(database.rows("CALL sot.list()")).isEmpty();
    }
}
