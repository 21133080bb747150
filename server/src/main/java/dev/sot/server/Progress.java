package dev.sot.server;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells on standard error what is taking longer than two seconds: on a terminal one status line
 * that ticks, elsewhere a line at first and then every ten seconds.
 */
final class Progress {
    private static final long PATIENCE_SECONDS = 2;
    private static final long REPEAT_SECONDS = 10;

    private final Console console;
    private final String what;
    private final Supplier<String> detail;
    private final long start = System.nanoTime();
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "sot-progress");
                        thread.setDaemon(true);
                        return thread;
                    });
    private boolean shown;
    private boolean ended;

    private Progress(Console console, String what, Supplier<String> detail) {
        this.console = console;
        this.what = what;
        this.detail = detail;
        long period = console.isTerminal() ? 1 : REPEAT_SECONDS;
        ticker.scheduleAtFixedRate(this::tick, PATIENCE_SECONDS, period, TimeUnit.SECONDS);
    }

    /**
     * Performs a step and tells when it takes long.
     *
     * @param what names the step, such as {@code Starting Neo4j}
     */
    static <T> T of(Console console, String what, Supplier<T> step) {
        return of(console, what, () -> "", step);
    }

    /**
     * Performs a step that can say how far it is.
     *
     * @param detail asked at every tick, in another thread; empty when there is nothing to say
     */
    static <T> T of(Console console, String what, Supplier<String> detail, Supplier<T> step) {
        Progress progress = new Progress(console, what, detail);
        try {
            return step.get();
        } finally {
            progress.end();
        }
    }

    private void end() {
        ticker.shutdownNow();
        synchronized (this) {
            ended = true;
            if (shown && console.isTerminal()) {
                console.messages().print("\r\033[K");
            }
            if (shown) {
                double seconds = (System.nanoTime() - start) / 1e9;
                console.messages().printf(Locale.ROOT, "%s: %.1f s%n", what, seconds);
                console.messages().flush();
            }
        }
    }

    private void tick() {
        String now = detail.get();
        synchronized (this) {
            if (ended) {
                return;
            }
            shown = true;
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            String line = what + (now.isEmpty() ? "" : ", " + now) + " ... " + seconds + " s";
            if (console.isTerminal()) {
                console.messages().print("\r\033[K" + line);
            } else {
                console.messages().println(line);
            }
            console.messages().flush();
        }
    }
}
