package dev.sot.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The launcher script {@code ./sot}, run as users run it: a process of its own. */
final class Sot {

    /** Top directory of the repository. Maven runs the tests of a module in its directory. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Import directory of the demonstration, as it is in the repository. */
    static final Path DEMONSTRATION = ROOT.resolve("import/demo");

    private static final Duration AT_MOST = Duration.ofMinutes(10);

    private Sot() {}

    /**
     * What a command left behind.
     *
     * @param exitCode exit code of the process
     * @param output everything on standard output
     * @param errors everything on standard error
     * @param duration from start to end of the process
     */
    record Run(int exitCode, String output, String errors, Duration duration) {}

    /** A jar that a module has packaged. */
    static Path jar(String module, String glob) throws IOException {
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(ROOT.resolve(module).resolve("target"), glob)) {
            return jars.iterator().next();
        }
    }

    /** Runs {@code ./sot ARGUMENTS} to its end, with nothing on standard input. */
    static Run run(String... arguments) {
        return runWithInput("", arguments);
    }

    /** Runs {@code ./sot ARGUMENTS} to its end, with a text on standard input. */
    static Run runWithInput(String input, String... arguments) {
        try {
            Path directory = Files.createTempDirectory("sot-tests-");
            try {
                Path stdin = Files.writeString(directory.resolve("stdin"), input);
                Path stdout = directory.resolve("stdout");
                Path stderr = directory.resolve("stderr");
                long started = System.nanoTime();
                Process process =
                        command(arguments)
                                .redirectInput(stdin.toFile())
                                .redirectOutput(stdout.toFile())
                                .redirectError(stderr.toFile())
                                .start();
                if (!process.waitFor(AT_MOST.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(
                            "./sot "
                                    + String.join(" ", arguments)
                                    + " did not end within "
                                    + AT_MOST
                                    + ":\n"
                                    + Files.readString(stderr));
                }
                return new Run(
                        process.exitValue(),
                        Files.readString(stdout),
                        Files.readString(stderr),
                        Duration.ofNanos(System.nanoTime() - started));
            } finally {
                Directories.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The process of {@code ./sot ARGUMENTS}, not yet started. */
    static ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("sot").toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(ROOT.toFile());
    }
}
