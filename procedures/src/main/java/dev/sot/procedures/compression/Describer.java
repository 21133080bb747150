package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.store.CompressionStore.SupernodeRecord;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Cloud;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.neo4j.graphdb.Transaction;

/**
 * Says what the members of a supernode have in common, from what is in the database: parts of their
 * labels that they share, and the tokens and prompt positions on which their features'
 * distributions rest. Nothing is invented.
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

    private final LoadedCircuit circuit;
    private final Optional<ItemClouds> clouds;
    private final double totalInfluence;
    private final Map<Integer, Integer> itemOfNode = new HashMap<>();
    private final Map<Integer, CorpusStore.Token> tokens = new HashMap<>();
    private final Transaction tx;
    private final String corpus;

    Describer(Transaction tx, ItemSet set) {
        this.tx = tx;
        this.circuit = set.items().circuit();
        this.clouds = set.clouds();
        this.corpus =
                clouds.map(c -> (String) SpaceStore.corpus(c.space()).getProperty("name"))
                        .orElse(null);
        this.totalInfluence =
                Arrays.stream(circuit.ofKind(CircuitNodeKind.FEATURE))
                        .mapToDouble(v -> circuit.influence()[v])
                        .sum();
        int[][] members = set.items().members();
        for (int item = 0; item < members.length; item++) {
            for (int node : members[item]) {
                itemOfNode.put(node, item);
            }
        }
    }

    List<SupernodeRecord> describe(List<List<Integer>> groups) {
        List<SupernodeRecord> records = new ArrayList<>();
        for (int rank = 0; rank < groups.size(); rank++) {
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
        String label;
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
            addContexts(members, properties);
            label = shared.isEmpty() ? fallbackLabel(byInfluence, properties) : joined(shared);
        } else if (kind == CircuitNodeKind.ERROR) {
            label = "reconstruction errors";
        } else {
            label = circuit.label(members.get(0));
        }
        return new SupernodeRecord(
                Integer.toString(rank),
                label,
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

    private String fallbackLabel(List<Integer> byInfluence, Map<String, Object> properties) {
        String first = circuit.label(byInfluence.get(0));
        if (byInfluence.size() == 1) {
            return first;
        }
        String[] topTokens = (String[]) properties.get("topTokens");
        double[] topTokenShares = (double[]) properties.get("topTokenShares");
        return topTokens != null && topTokenShares[0] >= TELLING_SHARE
                ? String.format(
                        Locale.ROOT,
                        "on '%s' (%.0f %%)",
                        topTokens[0].strip(),
                        100 * topTokenShares[0])
                : first + " and " + (byInfluence.size() - 1) + " more";
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
            String label = circuit.label(member);
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
        parts.add(label);
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

    /**
     * The tokens and prompt positions with the largest shares of the members' distributions, each
     * member counting the same.
     */
    private void addContexts(List<Integer> members, Map<String, Object> properties) {
        Map<String, Double> byToken = new TreeMap<>();
        Map<Integer, Double> byPosition = new TreeMap<>();
        int counted = 0;
        for (int member : members) {
            Optional<Cloud> of = clouds.flatMap(c -> c.of(itemOfNode.get(member)));
            if (of.isEmpty()) {
                continue;
            }
            counted++;
            Cloud cloud = of.get();
            for (int i = 0; i < cloud.size(); i++) {
                CorpusStore.Token token = token(cloud.position(i));
                byToken.merge(token.token(), cloud.weight(i), Double::sum);
                byPosition.merge(token.position(), cloud.weight(i), Double::sum);
            }
        }
        if (counted == 0) {
            return;
        }
        List<Map.Entry<String, Double>> tokensByShare = largest(byToken);
        List<Map.Entry<Integer, Double>> positionsByShare = largest(byPosition);
        double total = counted;
        properties.put(
                "topTokens", tokensByShare.stream().map(Map.Entry::getKey).toArray(String[]::new));
        properties.put(
                "topTokenShares",
                tokensByShare.stream().mapToDouble(e -> e.getValue() / total).toArray());
        properties.put(
                "topPromptPositions",
                positionsByShare.stream().mapToInt(Map.Entry::getKey).toArray());
        properties.put(
                "topPromptPositionShares",
                positionsByShare.stream().mapToDouble(e -> e.getValue() / total).toArray());
    }

    private static <K extends Comparable<K>> List<Map.Entry<K, Double>> largest(
            Map<K, Double> shares) {
        return shares.entrySet().stream()
                .sorted(
                        Map.Entry.<K, Double>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .limit(SHOWN)
                .collect(Collectors.toList());
    }

    private CorpusStore.Token token(int row) {
        return tokens.computeIfAbsent(
                clouds.orElseThrow().positions()[row],
                position -> CorpusStore.token(tx, corpus, position, 0));
    }
}
