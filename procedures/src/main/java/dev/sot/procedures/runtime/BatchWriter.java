package dev.sot.procedures.runtime;

import dev.sot.procedures.config.ConfigurationException;
import java.util.concurrent.TimeUnit;
import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/**
 * Writes either within the caller's transaction, or in transactions of its own that are committed
 * whenever enough has been written to them. The second is for writes too large for one
 * transaction's memory; whoever uses it stages what is written, so that readers do not take an
 * unfinished write for a whole one.
 */
public final class BatchWriter implements AutoCloseable {

    /** Bytes of properties and records after which a batch is committed. */
    private static final long BATCH_BYTES = 16L << 20;

    /** How long a lock is waited for before a write in several transactions begins. */
    private static final long PROBE_SECONDS = 3;

    /** Nodes above which deleting what hangs on a node is too large for one transaction. */
    public static final int LARGE_DELETION = 50_000;

    private final GraphDatabaseService db;
    private Transaction tx;
    private long pending;
    private int epoch;

    /** Items written, those of an earlier write included. */
    private long items;

    private long committedBefore;
    private Handle counter;
    private String count;

    private BatchWriter(GraphDatabaseService db, Transaction tx) {
        this.db = db;
        this.tx = tx;
    }

    /** All in the caller's transaction: atomic, and rolled back with it. */
    public static BatchWriter inCallersTransaction(Session session) {
        return new BatchWriter(null, session.tx());
    }

    /**
     * In transactions of its own.
     *
     * @param touched nodes that it will write to or link to
     * @throws ConfigurationException when one of them is locked: if it were by the caller's own
     *     transaction, the write would wait for it forever
     */
    public static BatchWriter batched(Session session, Node... touched) {
        for (Node node : touched) {
            requireUnlocked(session, node);
        }
        return new BatchWriter(session.db(), session.db().beginTx());
    }

    /**
     * Refuses to go on when a node is locked that a transaction of its own will need.
     *
     * @throws ConfigurationException when it still is after a few seconds
     */
    public static void requireUnlocked(Session session, Node node) {
        try (Transaction probe = session.db().beginTx(PROBE_SECONDS, TimeUnit.SECONDS)) {
            probe.acquireWriteLock(probe.getNodeByElementId(node.getElementId()));
        } catch (RuntimeException e) {
            session.monitor().check();
            throw new ConfigurationException(
                    "this write takes transactions of its own and needs "
                            + node.getLabels()
                            + " "
                            + node.getProperties("name", "slug", "id").values()
                            + ", to which this statement or another transaction has written; run it"
                            + " in a statement of its own, when the other is committed");
        }
    }

    /** In transactions of its own for a write that is too large for one, else in the caller's. */
    public static BatchWriter of(Session session, boolean large, Node... touched) {
        return large ? batched(session, touched) : inCallersTransaction(session);
    }

    public Transaction tx() {
        return tx;
    }

    /**
     * Counts an item that was written, and commits a full batch.
     *
     * @param bytes a rough size of it; a node or relationship without properties counts as 200
     */
    public void wrote(long bytes) {
        items++;
        pending += bytes;
        if (pending >= BATCH_BYTES) {
            flush();
        }
    }

    /** Counts what was written where no batch may end, as amid an iteration. */
    public void pending(long bytes) {
        pending += bytes;
    }

    /**
     * Makes the write one that can go on where it was cut short: every batch enters in a property
     * of a node how many items are written, that is, how often {@link #wrote} was called. The same
     * items have to come in the same order again; {@link #skip} is to be asked before each.
     *
     * @param before how many items the write that was cut short has entered
     */
    public void countIn(Handle node, String property, long before) {
        counter = node;
        count = property;
        committedBefore = before;
    }

    /** Whether the next item is one that the write that was cut short has committed. */
    public boolean skip() {
        if (items >= committedBefore) {
            return false;
        }
        items++;
        return true;
    }

    /** Commits what was written so far, unless the transaction is the caller's. */
    public void flush() {
        pending = 0;
        if (db != null) {
            if (counter != null) {
                counter.node().setProperty(count, items);
            }
            tx.commit();
            tx.close();
            tx = db.beginTx();
            epoch++;
        }
    }

    /** Commits the rest. Without it, {@link #close()} rolls the last batch back. */
    public void finish() {
        if (db != null) {
            tx.commit();
        }
    }

    @Override
    public void close() {
        if (db != null) {
            tx.close();
        }
    }

    /** A node that can be used across batches. */
    public final class Handle {
        private final String elementId;
        private Node node;
        private int seen;

        private Handle(Node node) {
            this.elementId = node.getElementId();
            this.node = node;
            this.seen = epoch;
        }

        /** The node, in the current batch's transaction. */
        public Node node() {
            if (seen != epoch) {
                node = tx.getNodeByElementId(elementId);
                seen = epoch;
            }
            return node;
        }
    }

    /** Keeps a node for later batches. */
    public Handle handle(Node node) {
        return new Handle(node);
    }
}
