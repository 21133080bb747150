package dev.sot.formats;

/**
 * A file that cannot be read as what it should be. The message always reads {@code <file>: <place>:
 * <what is wrong>; <remedy>}, so that it can be shown to a user as it is.
 */
public final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String place;

    /**
     * @param file the file's name as the user knows it
     * @param place where in the file: a line and column, or a path such as {@code links[17].weight}
     * @param problem what is wrong, with the offending value
     * @param remedy what the user can do
     */
    public FormatException(String file, String place, String problem, String remedy) {
        this(file, place, problem, remedy, null);
    }

    /**
     * A failure that another one led to. That one is suppressed rather than the cause: databases
     * and frontends show the message of the root cause only, and it knows neither file nor remedy.
     */
    public FormatException(
            String file, String place, String problem, String remedy, Throwable origin) {
        super(file + ": " + place + ": " + problem + "; " + remedy);
        if (origin != null) {
            addSuppressed(origin);
        }
        this.file = file;
        this.place = place;
    }

    /** The file's name as the user knows it. */
    public String file() {
        return file;
    }

    /** Where in the file the problem is. */
    public String place() {
        return place;
    }
}
