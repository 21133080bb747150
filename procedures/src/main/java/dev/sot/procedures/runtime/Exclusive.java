package dev.sot.procedures.runtime;

import dev.sot.procedures.config.ConfigurationException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Keeps two calls from writing the same thing at once where the locks of a transaction cannot,
 * because a write takes several. What an unfinished write left behind may therefore be removed by
 * whoever holds this.
 */
public final class Exclusive {

    private static final Set<String> IN_PROGRESS = ConcurrentHashMap.newKeySet();

    private Exclusive() {}

    /**
     * Runs a write that no other call may make at the same time in the session's database.
     *
     * @param what what is written, for the message, such as {@code circuit 'a'}
     * @throws ConfigurationException when another call is writing it
     */
    public static <T> T run(Session session, String what, Supplier<T> write) {
        String key = session.db().databaseName() + "/" + what;
        if (!IN_PROGRESS.add(key)) {
            throw new ConfigurationException(
                    what + " is being written by another session; wait until that has finished");
        }
        try {
            return write.get();
        } finally {
            IN_PROGRESS.remove(key);
        }
    }
}
