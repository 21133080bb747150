package dev.sot.procedures;

import java.nio.file.Path;

/**
 * A circuit with planted groups: feature f of each of {@link SmallBundle}'s layers belongs to group
 * f % 4 and fires on the prompts of that group alone. In the circuit each feature stands at two
 * positions, and features of a group drive each other from layer to layer.
 */
final class Planted {

    static final String CIRCUIT = "planted";
    static final int GROUPS = 4;

    private Planted() {}

    /** Imports circuit and activations, fits the space `aligned` and writes distributions. */
    static void load(Database database) {
        database.write("planted.json", circuit(CIRCUIT).toString());
        Path bundle = database.importDirectory().resolve("planted");
        SmallBundle.write(bundle, Planted::activation);
        database.row("CALL sot.import.circuit('planted.json')");
        database.row("CALL sot.import.activations('planted')");
        database.row("CALL sot.space.fit({method: 'aligned', dimension: 4})");
        database.row("CALL sot.distributions.write({support: 32})");
        database.rows("MATCH (f:Feature) SET f.planted = f.index % $groups", "groups", GROUPS);
    }

    private static double activation(int layer, int feature, int position) {
        int prompt = position / SmallBundle.TOKENS;
        return prompt % GROUPS == feature % GROUPS && position % SmallBundle.TOKENS > 0
                ? 1 + 0.05 * ((layer + feature * 3 + position * 5) % 7)
                : 0;
    }

    static CircuitJson circuit(String slug) {
        CircuitJson circuit = new CircuitJson(slug);
        circuit.embedding(17, 1);
        circuit.embedding(18, 2);
        for (int layer = 0; layer < SmallBundle.LAYERS; layer++) {
            for (int feature = 0; feature < SmallBundle.WIDTH; feature++) {
                circuit.feature(layer, feature, 1);
                circuit.feature(layer, feature, 2);
            }
            circuit.error(layer, 2);
        }
        circuit.logit(42, 2, 0.75);
        for (int feature = 0; feature < SmallBundle.WIDTH; feature++) {
            for (int position = 1; position <= 2; position++) {
                String first = "0_" + feature + "_" + position;
                String second = "1_" + feature + "_" + position;
                String third = "2_" + feature + "_" + position;
                circuit.link("E_" + (16 + position) + "_" + position, first, 1 + feature);
                circuit.link(first, second, 2);
                circuit.link(first, "1_" + (feature + 4) % 8 + "_2", 0.5 * position);
                circuit.link(second, third, -1.5);
                circuit.link(first, "2_" + (feature + 1) % 8 + "_" + position, 0.25);
                circuit.link(third, "4_42_2", feature % 3 - 0.5);
            }
        }
        return circuit;
    }
}
