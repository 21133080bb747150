package dev.sot.procedures.store;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Heap;
import dev.sot.transport.space.LogitLens;
import java.util.Arrays;
import java.util.Locale;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/**
 * The unembedding of a corpus's model, as far as the logit lens needs it: rows of its factor in
 * {@code :Unembedding} nodes of the corpus.
 */
public final class UnembeddingStore {

    private static final String NORMALISATION = "unembeddingNormalisation";

    /** Values in one node: 1 MiB. */
    private static final int BLOCK_VALUES = 1 << 18;

    private UnembeddingStore() {}

    private static String key(String corpus, int start) {
        return corpus + "/" + start;
    }

    /** Writes the lens of a corpus. */
    public static void write(BatchWriter writer, BatchWriter.Handle corpus, LogitLens lens) {
        int rank = lens.dimension();
        int width = lens.factor()[0].length;
        int rows = Math.max(1, BLOCK_VALUES / width);
        for (int start = 0; start < rank; start += rows) {
            if (writer.skip()) {
                continue;
            }
            int count = Math.min(rows, rank - start);
            float[] values = new float[count * width];
            for (int i = 0; i < count; i++) {
                System.arraycopy(lens.factor()[start + i], 0, values, i * width, width);
            }
            Node block = writer.tx().createNode(Names.UNEMBEDDING);
            block.setProperty("key", key((String) corpus.node().getProperty("name"), start));
            block.setProperty("start", (long) start);
            block.setProperty("count", count);
            block.setProperty("dimension", width);
            block.setProperty("values", values);
            block.createRelationshipTo(corpus.node(), Names.IN_CORPUS);
            writer.wrote(400 + 4L * values.length);
        }
        corpus.node().setProperty(NORMALISATION, Configuration.name(lens.normalisation()));
        corpus.node().setProperty("unembeddingEpsilon", lens.epsilon());
        corpus.node().setProperty("unembeddingRank", rank);
        corpus.node().setProperty("unembeddingWidth", width);
    }

    /**
     * The lens of a corpus.
     *
     * @param heap counts what it takes
     * @throws ConfigurationException when the corpus has none
     */
    public static LogitLens require(Transaction tx, Heap heap, Node corpus) {
        String name = (String) corpus.getProperty("name");
        if (!corpus.hasProperty(NORMALISATION)) {
            throw new ConfigurationException(
                    "sot.space.fit: the corpus '"
                            + name
                            + "' has no unembedding, through which {method: 'logitLens'} looks at"
                            + " states; import a bundle with `unembedding`, or choose another"
                            + " method");
        }
        int rank = (Integer) corpus.getProperty("unembeddingRank");
        int width = (Integer) corpus.getProperty("unembeddingWidth");
        // In single precision, and once more in double while states are looked at.
        heap.take(12L * rank * width);
        float[][] factor = new float[rank][];
        for (int start = 0; start < rank; ) {
            CorpusStore.Block block =
                    CorpusStore.block(tx.findNode(Names.UNEMBEDDING, "key", key(name, start)));
            for (int i = 0; i < block.count(); i++) {
                factor[start + i] = Arrays.copyOfRange(block.values(), i * width, (i + 1) * width);
            }
            start += block.count();
        }
        return new LogitLens(
                factor,
                LogitLens.Normalisation.valueOf(
                        ((String) corpus.getProperty(NORMALISATION)).toUpperCase(Locale.ROOT)),
                (Double) corpus.getProperty("unembeddingEpsilon"));
    }
}
