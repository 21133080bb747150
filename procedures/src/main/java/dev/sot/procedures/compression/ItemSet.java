package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.store.LoadedCircuit;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Items, and which of them are grouped.
 *
 * @param items all items
 * @param grouped the items that are grouped, ascending
 * @param without those that nothing is known of, ascending: they stay by themselves
 * @param clouds the distributions that the items are compared by, where they are
 */
record ItemSet(Items items, int[] grouped, int[] without, Optional<ItemClouds> clouds) {

    /** All items but the grouped ones are without. */
    static ItemSet of(Items items, int[] grouped, Optional<ItemClouds> clouds) {
        BitSet known = new BitSet();
        Arrays.stream(grouped).forEach(known::set);
        return new ItemSet(
                items,
                grouped,
                IntStream.range(0, items.size()).filter(i -> !known.get(i)).toArray(),
                clouds);
    }

    /** Number of items that are grouped. */
    int size() {
        return grouped.length;
    }

    /** Nodes of the items that are grouped. */
    int groupedNodes() {
        return items.nodes(grouped);
    }

    /**
     * For each node of the circuit the place of its item among the grouped ones; numbers from there
     * on for supernodes that no grouping changes: every other node by itself, errors, which nothing
     * points to, together.
     */
    int[] blocks() {
        LoadedCircuit circuit = items.circuit();
        int[] block = new int[circuit.nodes().size()];
        Arrays.fill(block, -1);
        for (int place = 0; place < grouped.length; place++) {
            for (int node : items.members()[grouped[place]]) {
                block[node] = place;
            }
        }
        int[] errors = circuit.ofKind(CircuitNodeKind.ERROR);
        int next = grouped.length;
        for (int error : errors) {
            block[error] = next;
        }
        next += errors.length > 0 ? 1 : 0;
        for (int node = 0; node < block.length; node++) {
            block[node] = block[node] < 0 ? next++ : block[node];
        }
        return block;
    }
}
