package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.Attribution;
import dev.sot.transport.cluster.Constraints;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/** The constraints that a configuration puts on the grouped items of a circuit. */
final class ItemConstraints {

    /**
     * Least share of a logit's input with which an item pushes it: the absolute value of its signed
     * total effect.
     */
    private static final double PUSH = 0.01;

    private final Session session;
    private final Items items;
    private final int[] grouped;
    private final CompressConfig config;
    private final ConstraintChoice choice;

    private ItemConstraints(Session session, ItemSet set, CompressConfig config) {
        this.session = session;
        this.items = set.items();
        this.grouped = set.grouped();
        this.config = config;
        this.choice = config.constraints();
    }

    /**
     * Looks the constraints up in the circuit.
     *
     * @throws ConfigurationException naming what is unknown or contradicts itself
     */
    static Constraints of(Session session, ItemSet set, CompressConfig config) {
        return new ItemConstraints(session, set, config).build();
    }

    private Constraints build() {
        LoadedCircuit circuit = items.circuit();
        Constraints.Builder builder =
                Constraints.builder(grouped.length).named(i -> items.name(grouped[i]));
        if (choice.samePosition()) {
            requireKnown("samePosition", "position", circuit.position());
            builder.equal(perItem(item -> distinct(item, v -> circuit.position()[v])));
        }
        choice.apart().forEach(property -> builder.equal(values(property)));
        choice.maxLayerSpan()
                .ifPresent(
                        span -> {
                            requireKnown("maxLayerSpan", "layer", circuit.layer());
                            builder.maximumSpan(
                                    Arrays.stream(grouped).map(items::lowestLayer).toArray(),
                                    Arrays.stream(grouped).map(items::highestLayer).toArray(),
                                    span);
                        });
        choice.maxSize()
                .ifPresent(
                        size ->
                                builder.maximumSize(
                                        Arrays.stream(grouped)
                                                .map(i -> items.members()[i].length)
                                                .toArray(),
                                        size));
        if (choice.sameSign()) {
            for (int logit : circuit.ofKind(CircuitNodeKind.LOGIT)) {
                builder.opposed(
                        signs(Attribution.effects(circuit.graph(), logit, session.monitor())));
            }
        }
        link(builder);
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw config.problem(e.getMessage());
        }
    }

    /** A graph of the user's own need not say where its nodes are. */
    private void requireKnown(String key, String attribute, int[] values) {
        for (int item : grouped) {
            for (int node : items.members()[item]) {
                if (values[node] < 0) {
                    throw config.problem(
                            "configuration key `%s` needs the %s of every feature node, and node '%s' of '%s' has none; name it by the column `%s` or by `%sProperty`"
                                    .formatted(
                                            key,
                                            attribute,
                                            items.circuit().nodeId(node),
                                            items.circuit().name(),
                                            attribute,
                                            attribute));
                }
            }
        }
    }

    private void link(Constraints.Builder builder) {
        if (choice.mustLink().isEmpty() && choice.cannotLink().isEmpty()) {
            return;
        }
        Map<String, Set<Integer>> places = new HashMap<>();
        for (int place = 0; place < grouped.length; place++) {
            for (int node : items.members()[grouped[place]]) {
                places.computeIfAbsent(nodeId(node), id -> new TreeSet<>()).add(place);
            }
        }
        for (List<String> ids : choice.mustLink()) {
            int[] linked =
                    ids.stream()
                            .flatMap(id -> places("mustLink", id, places).stream())
                            .mapToInt(i -> i)
                            .toArray();
            for (int k = 1; k < linked.length; k++) {
                builder.mustLink(linked[0], linked[k]);
            }
        }
        for (List<String> ids : choice.cannotLink()) {
            ids.forEach(id -> places("cannotLink", id, places));
            for (int k = 0; k < ids.size(); k++) {
                for (int l = 0; l < k; l++) {
                    keepApart(builder, ids.get(l), ids.get(k), places);
                }
            }
        }
    }

    private void keepApart(
            Constraints.Builder builder, String a, String b, Map<String, Set<Integer>> places) {
        for (int i : places("cannotLink", a, places)) {
            for (int j : places("cannotLink", b, places)) {
                if (i == j) {
                    throw config.problem(
                            "configuration key `cannotLink` "
                                    + (a.equals(b)
                                            ? "lists node '" + a + "' twice; list it once"
                                            : "lists nodes '%s' and '%s', which are both %s; only items can be kept apart, so leave one out or give level: 'node'"
                                                    .formatted(a, b, items.name(grouped[i]))));
                }
                builder.cannotLink(i, j);
            }
        }
    }

    /** Places among the grouped items of the nodes of an id: one in each circuit, at most. */
    private Set<Integer> places(String key, String id, Map<String, Set<Integer>> places) {
        if (!places.containsKey(id)) {
            throw config.problem(
                    "configuration key `%s` names node '%s', which %s"
                            .formatted(key, id, whyNot(id)));
        }
        return places.get(id);
    }

    private String whyNot(String id) {
        LoadedCircuit circuit = items.circuit();
        List<Integer> nodes =
                IntStream.range(0, circuit.nodes().size())
                        .filter(v -> id.equals(nodeId(v)))
                        .boxed()
                        .toList();
        if (nodes.isEmpty()) {
            return "circuit '" + circuit.name() + "' does not have";
        }
        return nodes.stream().anyMatch(v -> circuit.kind(v) == CircuitNodeKind.FEATURE)
                ? "has no distance and stays by itself; leave it out, or give missing: 'structure'"
                : "is no feature; only features are grouped";
    }

    private String nodeId(int node) {
        return items.circuit().nodeId(node);
    }

    private Object[] perItem(IntFunction<Object> key) {
        return Arrays.stream(grouped).mapToObj(key).toArray();
    }

    private Object distinct(int item, IntUnaryOperator value) {
        return Arrays.stream(items.members()[item]).map(value).sorted().distinct().boxed().toList();
    }

    /** What each item's nodes, or else their feature, have in a property. */
    private Object[] values(String property) {
        Object[] values =
                perItem(
                        item -> {
                            TreeSet<String> distinct = new TreeSet<>();
                            for (int node : items.members()[item]) {
                                Object value = value(item, node, property);
                                if (value != null) {
                                    distinct.add(Arrays.deepToString(new Object[] {value}));
                                }
                            }
                            return distinct;
                        });
        if (Arrays.stream(values).allMatch(v -> ((TreeSet<?>) v).isEmpty())) {
            throw config.problem(
                    "configuration key `apart` names property '%s', which no feature node of circuit '%s' and no feature of them has"
                            .formatted(property, items.circuit().name()));
        }
        return values;
    }

    private Object value(int item, int node, String property) {
        Object own = items.circuit().nodes().get(node).getProperty(property, null);
        Node feature = items.featureOf(item);
        return own != null || feature == null ? own : feature.getProperty(property, null);
    }

    /** The direction in which each item pushes, 0 where it hardly does. */
    private int[] signs(double[] effects) {
        return Arrays.stream(grouped)
                .map(
                        item -> {
                            double effect =
                                    Arrays.stream(items.members()[item])
                                            .mapToDouble(v -> effects[v])
                                            .sum();
                            return Math.abs(effect) < PUSH ? 0 : (int) Math.signum(effect);
                        })
                .toArray();
    }
}
