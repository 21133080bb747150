package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Features that were made to fire in four kinds of contexts are grouped into these four. */
class PlantedClustersTest {

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void importAll() {
        SmallBundle.writePlanted(database.importDirectory().resolve("planted"));
        CircuitJson circuit = new CircuitJson("planted");
        circuit.embedding(17, 1);
        circuit.logit(42, 5, 0.75);
        for (int layer = 0; layer < SmallBundle.LAYERS; layer++) {
            for (int index = 0; index < SmallBundle.WIDTH; index++) {
                int position = 1 + (layer + index) % 5;
                circuit.feature(layer, index, position);
                String id = layer + "_" + index + "_" + position;
                circuit.link("E_17_1", id, 1 + index);
                circuit.link(id, "4_42_5", 1 + layer - 0.5 * index);
            }
        }
        database.write("planted.json", circuit.toString());
        database.row("CALL sot.import.circuit('planted.json')");
        database.row("CALL sot.import.activations('planted')");
        database.row("CALL sot.space.fit({dimension: 3})");
        database.row("CALL sot.distributions.write()");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{size: 'silhouette'}",
                "{targetSize: 4}",
                "{targetSize: 4, linkage: 'complete'}",
                "{targetSize: 4, linkage: 'single'}",
                "{targetSize: 4, linkage: 'ward'}",
                "{targetSize: 4, order: 2}",
                "{targetSize: 4, groundCost: 'cosine'}",
                "{targetSize: 4, grouping: 'kMedoids'}",
                "{targetSize: 4, grouping: 'correlationClustering'}",
                "{maxDistance: 1.0, grouping: 'correlationClustering'}"
            })
    void plantedClustersAreFound(String configuration) {
        List<Map<String, Object>> supernodes =
                database.rows(
                        "CALL sot.compress.stream('planted', "
                                + configuration
                                + ") YIELD kind, members WHERE kind = 'feature' UNWIND members AS"
                                + " m MATCH (m)-[:OF_FEATURE]->(f) RETURN members[0].nodeId AS"
                                + " supernode, collect(DISTINCT f.index % "
                                + SmallBundle.CLUSTERS
                                + ") AS clusters");
        assertThat(supernodes).hasSize(SmallBundle.CLUSTERS);
        Set<Object> found = new HashSet<>();
        supernodes.forEach(
                s -> {
                    assertThat((List<?>) s.get("clusters")).hasSize(1);
                    found.addAll((List<?>) s.get("clusters"));
                });
        assertThat(found).hasSize(SmallBundle.CLUSTERS);
    }
}
