package dev.sot.procedures.runtime;

import java.util.Iterator;
import java.util.stream.Stream;

/**
 * What is written to a file as it is read: counted, shown as progress, and stopped when the
 * transaction is terminated.
 */
public final class Written<T> implements Iterator<T> {

    private static final int STEP = 1024;

    private final Session session;
    private final String what;
    private final Iterator<T> items;
    private long count;

    /**
     * @param what the items in the words of a user, such as {@code "links"}
     */
    public Written(Session session, String what, Stream<T> items) {
        this.session = session;
        this.what = what;
        this.items = items.iterator();
    }

    @Override
    public boolean hasNext() {
        return items.hasNext();
    }

    @Override
    public T next() {
        if (count++ % STEP == 0) {
            session.monitor().check();
            session.monitor().progress("writing " + what, count, 0);
        }
        return items.next();
    }

    /** How many there have been so far. */
    public long count() {
        return count;
    }
}
