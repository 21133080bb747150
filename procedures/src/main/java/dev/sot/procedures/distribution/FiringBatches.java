package dev.sot.procedures.distribution;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompactPoints;
import dev.sot.transport.Firings;
import dev.sot.transport.Support;
import dev.sot.transport.SupportBuilder;
import java.util.ArrayList;
import java.util.List;
import org.neo4j.graphdb.Node;

/**
 * Firings over the positions of a space's corpus, looked at in batches whose points fit the heap.
 *
 * @param <R> what becomes of the firings of one feature
 */
public final class FiringBatches<R> {

    /** Coordinates of firings' points that are looked at together: a batch has at least as many. */
    private static final long BATCH_VALUES = 4_000_000;

    /** Bytes of one firing beside its points: position, share, row, cell. */
    private static final long BYTES_PER_FIRING = 64;

    /** What becomes of a batch. */
    @FunctionalInterface
    public interface Look<R> {
        /**
         * Looks at some firings.
         *
         * @param firings over rows of the table
         * @param points the table
         * @return one result a feature, in their order
         */
        List<R> at(List<Firings> firings, CompactPoints points);
    }

    private final Session session;
    private final Node space;
    private final int dimension;
    private final Look<R> look;
    private final List<Firings> waiting = new ArrayList<>();
    private final List<R> results = new ArrayList<>();
    private long values;

    /** Batches that are looked at as said. */
    public FiringBatches(Session session, Node space, Look<R> look) {
        this.session = session;
        this.space = space;
        this.dimension = ((Number) space.getProperty("dimension")).intValue();
        this.look = look;
    }

    /** Batches that are reduced to bounded supports over positions of the corpus. */
    public static FiringBatches<Support> supports(
            Session session, Node space, SupportBuilder builder, int concurrency) {
        return new FiringBatches<>(
                session,
                space,
                (firings, compact) ->
                        builder
                                .build(firings, compact.points(), concurrency, session.monitor())
                                .stream()
                                .map(s -> s.on(compact.corpusPositions(s.distribution())))
                                .toList());
    }

    /**
     * Takes firings, and looks at all that wait when they are many.
     *
     * @return whether none waits
     */
    public boolean add(Firings firings) {
        waiting.add(firings);
        values += (long) dimension * firings.size();
        if (values >= BATCH_VALUES) {
            look();
        }
        return waiting.isEmpty();
    }

    /** The results of all firings taken since the last call, in their order. */
    public List<R> take() {
        look();
        List<R> taken = List.copyOf(results);
        results.clear();
        return taken;
    }

    private void look() {
        if (waiting.isEmpty()) {
            return;
        }
        try (Heap heap = session.heap()) {
            // The points once in the table, once again where they are looked at.
            heap.take(8 * values + BYTES_PER_FIRING * values / dimension);
            CompactPoints compact =
                    CompactPoints.of(
                            session.tx(),
                            space,
                            waiting.stream().map(Firings::distribution).toList());
            results.addAll(
                    look.at(
                            waiting.stream()
                                    .map(f -> f.on(compact.rows(f.distribution())))
                                    .toList(),
                            compact));
        }
        waiting.clear();
        values = 0;
    }
}
