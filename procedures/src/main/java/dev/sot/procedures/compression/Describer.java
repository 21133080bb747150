package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompressionStore.SupernodeRecord;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.procedures.store.SpaceStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.neo4j.graphdb.Node;

/**
 * Says what the members of a supernode have in common, from what is in the database: parts of their
 * labels that they share, the tokens and prompt positions on which their features' distributions
 * rest, and contexts in which they fire together. Nothing is invented.
 */
final class Describer {

    /** Parts of a label: what stands between commas, semicolons and bars. */
    private static final String SEPARATORS = "[,;|\n]";

    /** Marks of quoted text, in which separators separate nothing. */
    private static final String QUOTATION = "\"«»[]";

    /**
     * Share of the members' distributions above which one token names a supernode whose labels have
     * nothing in common.
     */
    private static final double TELLING_SHARE = 0.25;

    private static final int SHOWN = 3;

    private final Session session;
    private final LoadedCircuit circuit;
    private final boolean atPlaces;
    private final Optional<FiringContexts> contexts;
    private final double totalInfluence;

    Describer(Session session, ItemSet set) {
        this.session = session;
        this.circuit = set.items().circuit();
        this.atPlaces = set.items().level() == Level.NODE;
        this.contexts =
                set.clouds()
                        .map(ItemClouds::space)
                        .or(() -> onlySpace(session, circuit))
                        .map(space -> new FiringContexts(session, space));
        this.totalInfluence =
                Arrays.stream(circuit.ofKind(CircuitNodeKind.FEATURE))
                        .mapToDouble(v -> circuit.influence()[v])
                        .sum();
    }

    /** The space that features are described in where none was used to compare them. */
    private static Optional<Node> onlySpace(Session session, LoadedCircuit circuit) {
        Set<String> dictionaries =
                circuit.distinctFeatures().stream()
                        .map(f -> (String) f.getProperty("dictionary"))
                        .collect(Collectors.toSet());
        List<Node> fitting = SpaceStore.fitting(session.tx(), dictionaries);
        return fitting.size() == 1 ? Optional.of(fitting.get(0)) : Optional.empty();
    }

    List<SupernodeRecord> describe(List<List<Integer>> groups) {
        List<SupernodeRecord> records = new ArrayList<>();
        for (int rank = 0; rank < groups.size(); rank++) {
            session.monitor().check();
            records.add(describe(rank, groups.get(rank)));
        }
        return records;
    }

    private SupernodeRecord describe(int rank, List<Integer> members) {
        CircuitNodeKind kind = circuit.kind(members.get(0));
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("rank", rank);
        properties.put("layers", distinct(members, circuit.layer()));
        properties.put("positions", distinct(members, circuit.position()));
        Label label;
        if (kind == CircuitNodeKind.FEATURE) {
            double influence = Compressor.influence(circuit, members);
            properties.put("influence", influence);
            properties.put("influenceShare", totalInfluence > 0 ? influence / totalInfluence : 0.0);
            List<Integer> byInfluence =
                    members.stream()
                            .sorted(Comparator.comparingDouble(m -> -circuit.influence()[m]))
                            .toList();
            properties.put(
                    "examples",
                    byInfluence.stream().limit(SHOWN).map(circuit::label).toArray(String[]::new));
            List<Share> shared = sharedLabels(members);
            properties.put("sharedLabels", texts(shared));
            properties.put(
                    "sharedLabelMembers", shared.stream().mapToInt(Share::members).toArray());
            Optional<FiringContexts.Summary> firings = firings(members);
            firings.ifPresent(f -> put(f, properties));
            label =
                    shared.isEmpty()
                            ? labelWithoutShared(byInfluence, firings)
                            : new Label(joined(shared), "members");
        } else if (kind == CircuitNodeKind.ERROR) {
            label = new Label("reconstruction errors", "members");
        } else {
            label = new Label(circuit.label(members.get(0)), "member");
        }
        properties.put("labelSource", label.source());
        return new SupernodeRecord(
                Integer.toString(rank),
                label.text(),
                kind.name().toLowerCase(Locale.ROOT),
                members,
                properties);
    }

    /** Shared labels, without those that are part of one before them. */
    private static String joined(List<Share> shared) {
        List<String> kept = new ArrayList<>();
        for (Share share : shared) {
            if (kept.stream().noneMatch(k -> parts(k).contains(share.text()))) {
                kept.removeIf(k -> parts(share.text()).contains(k));
                kept.add(share.text());
            }
        }
        return String.join(", ", kept);
    }

    /** A label and what it is taken from. */
    private record Label(String text, String source) {}

    private Label labelWithoutShared(
            List<Integer> byInfluence, Optional<FiringContexts.Summary> firings) {
        int first = byInfluence.get(0);
        if (byInfluence.size() == 1 && circuit.ownLabel(first).isPresent()) {
            return new Label(circuit.label(first), "member");
        }
        return firings.flatMap(f -> labelOfFirings(f, byInfluence.size()))
                .orElseGet(
                        () ->
                                new Label(
                                        byInfluence.size() == 1
                                                ? circuit.label(first)
                                                : circuit.label(first)
                                                        + " and "
                                                        + (byInfluence.size() - 1)
                                                        + " more",
                                        "member"));
    }

    /** The token that tells most, else a context that at least half of the members have. */
    private static Optional<Label> labelOfFirings(FiringContexts.Summary firings, int members) {
        FiringContexts.Share<String> token = firings.tokens().get(0);
        if (token.share() >= TELLING_SHARE) {
            return Optional.of(
                    new Label(
                            String.format(
                                    Locale.ROOT,
                                    "on '%s' (%.0f %%)",
                                    token.what().strip(),
                                    100 * token.share()),
                            "tokens"));
        }
        return firings.contexts().stream()
                .filter(c -> 2 * c.occurrences() >= members)
                .findFirst()
                .map(c -> new Label("in '" + c.text().strip() + "'", "contexts"));
    }

    private static int[] distinct(List<Integer> members, int[] values) {
        return members.stream().mapToInt(m -> values[m]).sorted().distinct().toArray();
    }

    private record Share(String text, int members, double influence) {}

    /**
     * What at least half of the members, and at least two, have in their labels; most common first.
     */
    private List<Share> sharedLabels(List<Integer> members) {
        Map<String, Share> shares = new TreeMap<>();
        Map<String, Set<String>> labelsWithPart = new HashMap<>();
        for (int member : members) {
            String label = circuit.ownLabel(member).orElse("");
            for (String part : parts(label)) {
                labelsWithPart.computeIfAbsent(part, p -> new HashSet<>()).add(label);
                shares.merge(
                        part,
                        new Share(part, 1, circuit.influence()[member]),
                        (a, b) ->
                                new Share(
                                        part,
                                        a.members() + b.members(),
                                        a.influence() + b.influence()));
            }
        }
        return shares.values().stream()
                .filter(s -> s.members() >= 2 && 2 * s.members() >= members.size())
                // Of a label that only repeats, the whole is shared rather than its parts.
                .filter(
                        s ->
                                labelsWithPart.get(s.text()).size() > 1
                                        || labelsWithPart.get(s.text()).contains(s.text()))
                .sorted(
                        Comparator.comparingInt((Share s) -> -s.members())
                                .thenComparingDouble(s -> -s.influence())
                                .thenComparing(Share::text))
                .limit(SHOWN)
                .toList();
    }

    /**
     * A label, and what stands between the commas, semicolons and bars in it; not pieces of
     * quotations.
     */
    private static Set<String> parts(String label) {
        Set<String> parts = new HashSet<>();
        if (!label.isBlank()) {
            parts.add(label);
        }
        for (String part : label.split(SEPARATORS)) {
            if (!part.isBlank() && QUOTATION.chars().noneMatch(c -> part.indexOf(c) >= 0)) {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    private static String[] texts(List<Share> shares) {
        return shares.stream().map(Share::text).toArray(String[]::new);
    }

    private Optional<FiringContexts.Summary> firings(List<Integer> members) {
        List<FiringContexts.Occurrence> occurrences =
                members.stream()
                        .filter(member -> circuit.features()[member] != null)
                        .map(this::occurrence)
                        .toList();
        return contexts.map(c -> c.of(occurrences, SHOWN)).filter(f -> f.counted() > 0);
    }

    /** A member as it was compared: its feature, or its feature at its place only. */
    private FiringContexts.Occurrence occurrence(int member) {
        return new FiringContexts.Occurrence(
                (String) circuit.features()[member].getProperty("key"),
                atPlaces ? OptionalInt.of(circuit.position()[member]) : OptionalInt.empty());
    }

    private static void put(FiringContexts.Summary firings, Map<String, Object> properties) {
        properties.put(
                "topTokens",
                firings.tokens().stream().map(FiringContexts.Share::what).toArray(String[]::new));
        properties.put(
                "topTokenShares",
                firings.tokens().stream().mapToDouble(FiringContexts.Share::share).toArray());
        properties.put(
                "topPromptPositions",
                firings.places().stream().mapToInt(FiringContexts.Share::what).toArray());
        properties.put(
                "topPromptPositionShares",
                firings.places().stream().mapToDouble(FiringContexts.Share::share).toArray());
        properties.put(
                "contexts",
                firings.contexts().stream()
                        .map(FiringContexts.Context::text)
                        .toArray(String[]::new));
        properties.put(
                "contextMembers",
                firings.contexts().stream()
                        .mapToInt(FiringContexts.Context::occurrences)
                        .toArray());
    }
}
