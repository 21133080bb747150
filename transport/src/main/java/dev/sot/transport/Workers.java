package dev.sot.transport;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** Runs numbered tasks on a pool of threads that lives as long as the call. */
public final class Workers {

    private Workers() {}

    /**
     * Runs tasks {@code 0..tasks-1}, handed out in ascending order. The first failure, or an
     * interrupt of the calling thread, stops all others at their next check; it is rethrown when
     * every thread has ended.
     *
     * @param tasks number of tasks
     * @param concurrency number of threads, at least 1
     * @param monitor the caller's monitor
     * @param worker called once a thread: gives what runs a task there, with its own workspace;
     *     gets the monitor that its tasks must check
     */
    public static void run(
            int tasks, int concurrency, Monitor monitor, Function<Monitor, IntConsumer> worker) {
        if (concurrency < 1) {
            throw new IllegalArgumentException(
                    "concurrency must be at least 1, got " + concurrency);
        }
        if (tasks < 1) {
            return;
        }
        int threads = Math.min(concurrency, tasks);
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(threads);
        Monitor stopping = new StoppingMonitor(monitor, failure);
        Runnable loop =
                () -> {
                    try {
                        IntConsumer task = worker.apply(stopping);
                        int number;
                        while (failure.get() == null && (number = next.getAndIncrement()) < tasks) {
                            task.accept(number);
                        }
                    } catch (RuntimeException | Error e) {
                        failure.compareAndSet(null, e);
                    } finally {
                        ended.countDown();
                    }
                };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        for (int t = 0; t < threads; t++) {
            pool.execute(loop);
        }
        pool.shutdown();
        await(ended, failure);
        if (failure.get() instanceof RuntimeException e) {
            throw e;
        }
        if (failure.get() instanceof Error e) {
            throw e;
        }
    }

    private static void await(CountDownLatch ended, AtomicReference<Throwable> failure) {
        boolean interrupted = false;
        while (true) {
            try {
                ended.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                failure.compareAndSet(null, new CancellationException("interrupted"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes everything on, and stops its thread once another one has failed. */
    private record StoppingMonitor(Monitor monitor, AtomicReference<Throwable> failure)
            implements Monitor {

        @Override
        public void progress(String task, long done, long total) {
            monitor.progress(task, done, total);
        }

        @Override
        public void check() {
            if (failure.get() != null) {
                throw new CancellationException("stopped by the failure of another thread");
            }
            monitor.check();
        }
    }
}
