package dev.sot.procedures.space;

import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.space.Departure;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * How good a space is, as stored with it.
 *
 * @param corpora names of its corpora
 * @param heldOutR2 one a layer, where layers are mapped
 * @param heldOutRetrieval likewise
 * @param penalties likewise
 * @param principalAngles one a corpus, null where not known
 * @param coverages likewise
 * @param warnings of corpora that leave the space
 */
record SpaceFigures(
        List<String> corpora,
        List<Double> heldOutR2,
        List<Double> heldOutRetrieval,
        List<Double> penalties,
        List<Double> principalAngles,
        List<Double> coverages,
        List<String> warnings) {

    static SpaceFigures of(Node space) {
        List<SpaceStore.Placed> placed = SpaceStore.placed(space);
        List<Optional<Departure>> departures =
                placed.stream().map(SpaceStore.Placed::departure).toList();
        return new SpaceFigures(
                placed.stream().map(SpaceStore.Placed::name).toList(),
                list(space, "heldOutR2"),
                list(space, "heldOutRetrieval"),
                list(space, "penalties"),
                departures.stream().map(d -> d.map(Departure::angle).orElse(null)).toList(),
                departures.stream().map(d -> d.map(Departure::coverage).orElse(null)).toList(),
                placed.stream()
                        .filter(p -> !p.fitted())
                        .filter(p -> p.departure().filter(Departure::leaves).isPresent())
                        .map(p -> warning(p.name(), p.departure().get()))
                        .toList());
    }

    private static String warning(String corpus, Departure departure) {
        return "corpus '%s' leaves the space: the largest principal angle is %.0f degrees, and of the variance that as many directions could hold, these hold %.0f %%"
                .formatted(corpus, departure.angle(), 100 * departure.coverage());
    }

    static List<Long> layers(Node space) {
        return Arrays.stream((int[]) space.getProperty("layers", new int[0]))
                .mapToObj(Long::valueOf)
                .toList();
    }

    private static List<Double> list(Node space, String key) {
        return Arrays.stream((double[]) space.getProperty(key, new double[0])).boxed().toList();
    }
}
