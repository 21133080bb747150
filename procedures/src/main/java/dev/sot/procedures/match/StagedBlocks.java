package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.MatchStore;
import dev.sot.transport.Monitor;
import dev.sot.transport.match.Blocks;
import java.util.Optional;

/**
 * Blocks that are kept with a run as they are finished, and not computed again when it is resumed.
 */
final class StagedBlocks implements Blocks {

    private static final int ITEMS = 2048;

    private final Session session;
    private final String run;
    private long computed;
    private long resumed;

    StagedBlocks(Session session, String run) {
        this.session = session;
        this.run = run;
    }

    @Override
    public double[] compute(String name, int items, int width, Work work) {
        return compute(name, items, width, ITEMS, work);
    }

    @Override
    public double[] computeWhole(String name, int items, int width, Work work) {
        return compute(name, items, width, items, work);
    }

    private double[] compute(String name, int items, int width, int blockItems, Work work) {
        double[] all = new double[items * width];
        for (int from = 0; from < items; from += blockItems) {
            int to = Math.min(items, from + blockItems);
            double[] values = block(name, from / blockItems, from, to, items, work);
            System.arraycopy(values, 0, all, from * width, values.length);
        }
        return all;
    }

    private double[] block(String name, int block, int from, int to, int items, Work work) {
        Optional<double[]> kept = MatchStore.part(session.tx(), run, name, block);
        if (kept.isPresent()) {
            resumed++;
            return kept.get();
        }
        double[] values = work.compute(from, to, within(name, from, items));
        MatchStore.keep(session, run, name, block, values);
        computed++;
        return values;
    }

    /** Tells of a block's progress as that of all items. */
    private Monitor within(String name, int from, int items) {
        return new Monitor() {
            @Override
            public void progress(String task, long done, long total) {
                session.monitor().progress(name, from + done, items);
            }

            @Override
            public void check() {
                session.monitor().check();
            }
        };
    }

    /** Blocks computed by this call. */
    long computed() {
        return computed;
    }

    /** Blocks that an earlier call had finished. */
    long resumed() {
        return resumed;
    }
}
