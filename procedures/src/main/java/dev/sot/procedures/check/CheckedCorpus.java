package dev.sot.procedures.check;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.space.StateNorms;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.StoredStates;
import dev.sot.transport.SinkFilter;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.neo4j.graphdb.Node;

/** A corpus, what it has of states, and which of its positions distributions leave out. */
final class CheckedCorpus {

    private final Session session;
    private final Node node;
    private final double sinkFactor;
    private final boolean excludesFirst;
    private final BitSet firstTokens;
    private final TreeMap<Integer, StoredStates> states;
    private final Map<Integer, double[]> norms = new HashMap<>();
    private final Map<Integer, BitSet> sinks = new HashMap<>();

    CheckedCorpus(Session session, CheckConfig config, Node node) {
        this.session = session;
        this.node = node;
        this.sinkFactor = config.sinkFactor();
        this.excludesFirst =
                config.excludeFirstToken()
                        .orElseGet(() -> (Boolean) node.getProperty("firstTokenIsSink"));
        this.firstTokens = CorpusStore.firstTokens(node);
        this.states = new TreeMap<>(StoredStates.of(session, node));
    }

    Node node() {
        return node;
    }

    String name() {
        return (String) node.getProperty("name");
    }

    int positions() {
        return Math.toIntExact((Long) node.getProperty("positions"));
    }

    /** Positions at which prompts begin. */
    BitSet firstTokens() {
        return firstTokens;
    }

    /** Whether these are left out. */
    boolean excludesFirst() {
        return excludesFirst;
    }

    /** What there is of states, by layer. */
    Map<Integer, StoredStates> states() {
        return states;
    }

    /** Whether every position has a state of the layer. */
    boolean complete(int layer) {
        return states.containsKey(layer) && states.get(layer).positions() == positions();
    }

    /** The norms of the states of a layer that is complete. */
    double[] norms(int layer) {
        return norms.computeIfAbsent(layer, l -> StateNorms.of(session, node, l));
    }

    /** Positions whose states, of a layer that is complete, are attention sinks. */
    BitSet sinks(int layer) {
        return sinks.computeIfAbsent(layer, l -> SinkFilter.sinks(norms(l), sinkFactor));
    }

    /**
     * Positions left out where features of a layer are looked at: first tokens, where they are
     * sinks, and those whose state is one, of the layer itself or else of the last with states.
     */
    BitSet excluded(int layer) {
        BitSet excluded = new BitSet();
        if (excludesFirst) {
            excluded.or(firstTokens);
        }
        Consumer<Integer> add = l -> excluded.or(sinks(l));
        if (complete(layer)) {
            add.accept(layer);
        } else {
            states.descendingKeySet().stream().filter(this::complete).findFirst().ifPresent(add);
        }
        return excluded;
    }
}
