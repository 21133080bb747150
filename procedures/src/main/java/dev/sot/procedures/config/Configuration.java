package dev.sot.procedures.config;

import dev.sot.transport.linear.Backends;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.neo4j.graphdb.Node;

/**
 * Reads a procedure's configuration map, or an argument that is a map, once: every key is declared
 * by the call that reads it, and {@link #finish()} refuses what is left over. All errors are {@link
 * ConfigurationException}s that name the procedure, the key, the value, what is allowed and the
 * remedy.
 */
public final class Configuration {

    /** Names are keys of indexes, which have a limit. */
    private static final int MAX_TEXT = 1_000;

    private final String procedure;
    private final String what;
    private final String prefix;
    private final Map<String, Object> given;
    private final Map<String, Object> effective = new LinkedHashMap<>();

    public Configuration(String procedure, Map<String, Object> given) {
        this(procedure, "configuration key", "", given);
    }

    private Configuration(String procedure, String what, String prefix, Map<String, Object> given) {
        this.procedure = procedure;
        this.what = what;
        this.prefix = prefix;
        this.given = given == null ? Map.of() : given;
    }

    /** An argument that is a map with keys of its own; errors call them {@code name.key}. */
    public static Configuration ofArgument(
            String procedure, String name, Map<String, Object> given) {
        return new Configuration(procedure, "argument", name + ".", given);
    }

    /** A text value, or the default when the key is absent or null. */
    public String string(String key, String defaultValue) {
        return optionalString(key).orElseGet(() -> put(key, defaultValue));
    }

    /** A text value that may be absent: a name, so one line of limited length. */
    public Optional<String> optionalString(String key) {
        Optional<String> text = optionalText(key);
        if (text.isPresent() && text.get().length() > MAX_TEXT) {
            throw wrong(key, text.get(), "at most " + MAX_TEXT + " characters long");
        }
        if (text.isPresent() && text.get().chars().anyMatch(Character::isISOControl)) {
            throw wrong(key, text.get(), "without line breaks and other control characters");
        }
        return text;
    }

    /** A text of any length that may be absent, such as a query. */
    public Optional<String> optionalText(String key) {
        Object value = take(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text) || text.isBlank()) {
            throw wrong(key, value, "a non-empty string");
        }
        return Optional.of(put(key, text));
    }

    /** A whole number in [min, max], or the default. */
    public int integer(String key, int defaultValue, int min, int max) {
        return optionalInteger(key, min, max).orElseGet(() -> put(key, defaultValue));
    }

    /** A whole number in [min, max] that may be absent. */
    public Optional<Integer> optionalInteger(String key, int min, int max) {
        Object value = take(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Long || value instanceof Integer)
                || ((Number) value).longValue() < min
                || ((Number) value).longValue() > max) {
            throw wrong(key, value, "a whole number from " + min + " to " + max);
        }
        return Optional.of(put(key, ((Number) value).intValue()));
    }

    /**
     * The number of threads, {@code concurrency}: by default 4, or as many as the machine has if
     * those are fewer.
     */
    public int concurrency() {
        return integer(
                "concurrency", Math.min(4, Runtime.getRuntime().availableProcessors()), 1, 1024);
    }

    /** A map with keys of its own, called {@code key.inner} in errors; absent when the key is. */
    public Optional<Configuration> optionalMap(String key) {
        Object value = take(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(key, value, "a map");
        }
        Map<String, Object> inner = new LinkedHashMap<>();
        map.forEach((k, v) -> inner.put(String.valueOf(k), v));
        return Optional.of(new Configuration(procedure, what, prefix + key + ".", inner));
    }

    /** Keys as errors call them. */
    public String names(String... keys) {
        return quoted(Arrays.stream(keys).map(key -> prefix + key).toList());
    }

    /**
     * Which implementation does large dense linear algebra, {@code backend}: by default one that is
     * chosen by the size of the work.
     *
     * @return a name for {@link Backends#choose}, which can be had
     */
    public String backend() {
        String name = oneOf("backend", Backends.AUTO, Backends.AUTO, "java", "nd4j");
        try {
            Backends.choose(name, 0);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    procedure
                            + ": configuration key `backend`: "
                            + e.getMessage()
                            + "; put the jar of that backend beside the plugin's in the server's"
                            + " plugin directory and restart, or leave `backend` out");
        }
        return name;
    }

    /** Shows a default that depends on other keys in the effective configuration. */
    public void note(String key, Object value) {
        put(key, value);
    }

    /** Any 64-bit whole number, or the default. */
    public long longInteger(String key, long defaultValue) {
        Object value = take(key);
        if (value == null) {
            return put(key, defaultValue);
        }
        if (!(value instanceof Long || value instanceof Integer)) {
            throw wrong(key, value, "a whole number");
        }
        return put(key, ((Number) value).longValue());
    }

    /** A finite number in [min, max] that may be absent. */
    public Optional<Double> optionalNumber(String key, double min, double max) {
        Object value = take(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Number number)
                || !Double.isFinite(number.doubleValue())
                || number.doubleValue() < min
                || number.doubleValue() > max) {
            throw wrong(key, value, "a number from " + min + " to " + max);
        }
        return Optional.of(put(key, number.doubleValue()));
    }

    /** A finite number in [min, max], or the default. */
    public double number(String key, double defaultValue, double min, double max) {
        return optionalNumber(key, min, max).orElseGet(() -> put(key, defaultValue));
    }

    /** One or several finite numbers in [min, max], or the default. */
    public List<Double> numbers(String key, List<Double> defaultValue, double min, double max) {
        Object value = take(key);
        List<?> list = value instanceof List<?> several ? several : Arrays.asList(value);
        if (value == null) {
            return put(key, defaultValue);
        }
        if (list.isEmpty()
                || !list.stream()
                        .allMatch(
                                item ->
                                        item instanceof Number number
                                                && number.doubleValue() >= min
                                                && number.doubleValue() <= max)) {
            throw wrong(key, value, "a number from " + min + " to " + max + ", or a list of such");
        }
        return put(key, list.stream().map(n -> ((Number) n).doubleValue()).toList());
    }

    /** true or false, or the default. */
    public boolean bool(String key, boolean defaultValue) {
        return optionalBool(key).orElseGet(() -> put(key, defaultValue));
    }

    /** true or false, absent when the key is. */
    public Optional<Boolean> optionalBool(String key) {
        Object value = take(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Boolean flag)) {
            throw wrong(key, value, "true or false");
        }
        return Optional.of(put(key, flag));
    }

    /** One of the given words (exact spelling), or the default. */
    public String oneOf(String key, String defaultValue, String... allowed) {
        Object value = take(key);
        if (value == null) {
            return put(key, defaultValue);
        }
        if (!(value instanceof String text) || !Arrays.asList(allowed).contains(text)) {
            ConfigurationException wrong =
                    wrong(key, value, "one of " + quoted(Arrays.asList(allowed)));
            throw value instanceof String text
                    ? new ConfigurationException(
                            wrong.getMessage() + suggestion(Arrays.asList(allowed), text))
                    : wrong;
        }
        return put(key, text);
    }

    /** One of an enum's constants, by their names in camel case, or the default. */
    public <E extends Enum<E>> E oneOf(String key, E defaultValue) {
        return oneOf(
                key, defaultValue, List.of(defaultValue.getDeclaringClass().getEnumConstants()));
    }

    /** One of some of an enum's constants, by their names in camel case, or the default. */
    public <E extends Enum<E>> E oneOf(String key, E defaultValue, List<E> allowed) {
        String[] names = allowed.stream().map(Configuration::name).toArray(String[]::new);
        return allowed.get(Arrays.asList(names).indexOf(oneOf(key, name(defaultValue), names)));
    }

    /** A constant's name in configurations: {@code TWO_WORDS} is {@code twoWords}. */
    public static String name(Enum<?> constant) {
        String[] words = constant.name().toLowerCase(Locale.ROOT).split("_");
        StringBuilder name = new StringBuilder(words[0]);
        for (String word : Arrays.asList(words).subList(1, words.length)) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.toString();
    }

    /** A value as it was given, null where the key is absent: for what a caller reads itself. */
    public Object value(String key) {
        return take(key);
    }

    /** A list of texts, absent when the key is. */
    public Optional<List<String>> optionalStrings(String key) {
        return optionalList(key, String.class::isInstance, "a list of strings")
                .map(list -> list.stream().map(String.class::cast).toList());
    }

    /** A list of whole numbers, absent when the key is. */
    public Optional<List<Integer>> optionalIntegers(String key) {
        return optionalList(
                        key,
                        item -> item instanceof Long number && number == number.intValue(),
                        "a list of 32-bit whole numbers")
                .map(list -> list.stream().map(o -> Math.toIntExact((Long) o)).toList());
    }

    /** Lists of texts in a list, none when the key is absent. */
    public List<List<String>> stringLists(String key) {
        return optionalList(
                        key,
                        item ->
                                item instanceof List<?> inner
                                        && inner.stream().allMatch(String.class::isInstance),
                        "a list of lists of strings")
                .map(
                        list ->
                                list.stream()
                                        .map(
                                                inner ->
                                                        ((List<?>) inner)
                                                                .stream()
                                                                        .map(String.class::cast)
                                                                        .toList())
                                        .toList())
                .orElse(List.of());
    }

    /** Whether a key is given. */
    public boolean has(String key) {
        return take(key) != null;
    }

    /** Refuses a key that means nothing beside the values of others. */
    public void refuse(String key, String why) {
        Object value = take(key);
        if (value != null) {
            throw problem(key, why);
        }
    }

    private Optional<List<?>> optionalList(String key, Predicate<Object> fits, String allowed) {
        Object value = take(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof List<?> list) || !list.stream().allMatch(fits)) {
            throw wrong(key, value, allowed);
        }
        return Optional.of(put(key, list));
    }

    /**
     * Refuses keys that nobody read, with the nearest known key as a suggestion.
     *
     * @return the effective configuration, defaults included, in the order the keys were read
     */
    public Map<String, Object> finish() {
        List<String> unknown = new ArrayList<>(new TreeSet<>(given.keySet()));
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            String key = unknown.get(0);
            throw new ConfigurationException(
                    procedure
                            + ": unexpected "
                            + what
                            + " `"
                            + prefix
                            + key
                            + "`"
                            + suggestion(known, key)
                            + (known.isEmpty()
                                    ? "; it takes no configuration"
                                    : "; allowed are " + quoted(known)));
        }
        return new LinkedHashMap<>(effective);
    }

    /** An error about the value of one key. */
    public ConfigurationException wrong(String key, Object value, String allowed) {
        return problem(key, "must be " + allowed + ", got " + shown(value));
    }

    /** An error about one key, in words of the caller's own. */
    public ConfigurationException problem(String key, String problem) {
        return new ConfigurationException(
                procedure + ": " + what + " `" + prefix + key + "` " + problem);
    }

    private final Collection<String> known = new TreeSet<>();

    private Object take(String key) {
        known.add(key);
        return given.get(key);
    }

    private <T> T put(String key, T value) {
        if (value != null) {
            effective.put(key, value);
        }
        return value;
    }

    private static String suggestion(Collection<String> allowed, String key) {
        return allowed.stream()
                .filter(k -> editDistance(k, key) <= Math.max(2, k.length() / 3))
                .min((a, b) -> Integer.compare(editDistance(a, key), editDistance(b, key)))
                .map(k -> " (did you mean `" + k + "`?)")
                .orElse("");
    }

    private static String quoted(Collection<String> words) {
        return "[" + String.join(", ", words) + "]";
    }

    private static String shown(Object value) {
        String text = value instanceof String ? "'" + value + "'" : String.valueOf(value);
        // What a text would break a line with is shown as Java and Cypher write it.
        String line = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        return (line.length() > 80 ? line.substring(0, 80) + "..." : line) + type(value);
    }

    /** What Cypher calls the type of a value that is no text. */
    private static String type(Object value) {
        if (value == null || value instanceof String) {
            return "";
        }
        return " ("
                + (value instanceof List
                        ? "a list"
                        : value instanceof Map
                                ? "a map"
                                : value instanceof Boolean
                                        ? "a boolean"
                                        : value instanceof Long || value instanceof Integer
                                                ? "an integer"
                                                : value instanceof Number
                                                        ? "a float"
                                                        : value instanceof Node
                                                                ? "a node"
                                                                : "another type")
                + ")";
    }

    private static int editDistance(String a, String b) {
        String left = a.toLowerCase(Locale.ROOT);
        String right = b.toLowerCase(Locale.ROOT);
        int[] previous = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int substitution =
                        previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
