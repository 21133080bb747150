package dev.sot.procedures.space;

import dev.sot.procedures.store.CorpusStore;
import java.util.BitSet;
import org.neo4j.graphdb.Node;

/**
 * The positions by which the fit of a space is judged and chosen: those of the prompts that the
 * corpus marks as held out, or where it marks none or all, of every fifth prompt.
 *
 * @param judged positions by which a fit is judged, which maps of layers are not fitted on
 * @param choosing positions of every fifth of the other prompts, by which a penalty is chosen
 */
record HeldOut(BitSet judged, BitSet choosing) {

    private static final int EVERY = 5;

    static HeldOut of(Node corpus, CorpusStore.PromptLayout layout) {
        BitSet prompts = CorpusStore.heldOutPrompts(corpus);
        int count = Math.toIntExact((Long) corpus.getProperty("prompts"));
        if (prompts.isEmpty() || prompts.cardinality() == count) {
            prompts.clear();
            for (int p = EVERY - 1; p < count; p += EVERY) {
                prompts.set(p);
            }
        }
        BitSet chosen = new BitSet();
        int others = 0;
        for (int p = 0; p < count; p++) {
            if (!prompts.get(p) && ++others % EVERY == 0) {
                chosen.set(p);
            }
        }
        return new HeldOut(positions(layout, prompts), positions(layout, chosen));
    }

    private static BitSet positions(CorpusStore.PromptLayout layout, BitSet prompts) {
        BitSet positions = new BitSet();
        for (int i = 0; i < layout.prompts().length; i++) {
            positions.set(i, prompts.get(layout.prompts()[i]));
        }
        return positions;
    }

    /** At most so many of the judged positions, evenly spread, without those excluded. */
    int[] sample(BitSet excluded, int most) {
        BitSet kept = (BitSet) judged.clone();
        kept.andNot(excluded);
        int[] all = kept.stream().toArray();
        int[] sample = new int[Math.min(most, all.length)];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = all[(int) ((long) i * all.length / sample.length)];
        }
        return sample;
    }
}
