package dev.sot.procedures.store;

import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.RelationshipType;

/** The labels and relationship types of the schema; docs/architecture.md has the picture. */
public final class Names {

    public static final Label MODEL = Label.label("Model");
    public static final Label DICTIONARY = Label.label("Dictionary");
    public static final Label DICTIONARY_LAYER = Label.label("DictionaryLayer");
    public static final Label FEATURE = Label.label("Feature");
    public static final Label FEATURE_VECTORS = Label.label("FeatureVectors");
    public static final Label CORPUS = Label.label("Corpus");
    public static final Label PROMPT = Label.label("Prompt");
    public static final Label TOKEN_POSITION = Label.label("TokenPosition");
    public static final Label HIDDEN_STATES = Label.label("HiddenStates");
    public static final Label UNEMBEDDING = Label.label("Unembedding");
    public static final Label ACTIVATIONS = Label.label("Activations");
    public static final Label REFERENCE_SPACE = Label.label("ReferenceSpace");
    public static final Label SPACE_MAP = Label.label("SpaceMap");
    public static final Label POINTS = Label.label("Points");
    public static final Label DISTRIBUTION = Label.label("Distribution");
    public static final Label CIRCUIT = Label.label("Circuit");
    public static final Label STAGED_CIRCUIT = Label.label("StagedCircuit");
    public static final Label CIRCUIT_NODE = Label.label("CircuitNode");
    public static final Label COMPRESSION = Label.label("Compression");
    public static final Label SUPERNODE = Label.label("Supernode");
    public static final Label INTERVENTION = Label.label("Intervention");
    public static final Label JUDGEMENT = Label.label("Judgement");
    public static final Label MATCH_RUN = Label.label("MatchRun");
    public static final Label MATCH_PART = Label.label("MatchPart");

    public static final RelationshipType OF_MODEL = RelationshipType.withName("OF_MODEL");
    public static final RelationshipType HAS_LAYER = RelationshipType.withName("HAS_LAYER");
    public static final RelationshipType IN_DICTIONARY = RelationshipType.withName("IN_DICTIONARY");
    public static final RelationshipType HAS_VECTORS = RelationshipType.withName("HAS_VECTORS");
    public static final RelationshipType HAS_ACTIVATIONS =
            RelationshipType.withName("HAS_ACTIVATIONS");
    public static final RelationshipType HAS_DISTRIBUTION =
            RelationshipType.withName("HAS_DISTRIBUTION");
    public static final RelationshipType IN_CORPUS = RelationshipType.withName("IN_CORPUS");
    public static final RelationshipType IN_PROMPT = RelationshipType.withName("IN_PROMPT");
    public static final RelationshipType FITTED_ON = RelationshipType.withName("FITTED_ON");
    public static final RelationshipType HAS_MAP = RelationshipType.withName("HAS_MAP");
    public static final RelationshipType IN_SPACE = RelationshipType.withName("IN_SPACE");
    public static final RelationshipType IN_CIRCUIT = RelationshipType.withName("IN_CIRCUIT");
    public static final RelationshipType OF_FEATURE = RelationshipType.withName("OF_FEATURE");
    public static final RelationshipType ATTRIBUTES_TO = RelationshipType.withName("ATTRIBUTES_TO");
    public static final RelationshipType SEMANTIC_DISTANCE =
            RelationshipType.withName("SEMANTIC_DISTANCE");
    public static final RelationshipType NEAREST = RelationshipType.withName("NEAREST");
    public static final RelationshipType MATCHES = RelationshipType.withName("MATCHES");
    public static final RelationshipType IN_RUN = RelationshipType.withName("IN_RUN");
    public static final RelationshipType COMPRESSES = RelationshipType.withName("COMPRESSES");
    public static final RelationshipType IN_COMPRESSION =
            RelationshipType.withName("IN_COMPRESSION");
    public static final RelationshipType MEMBER_OF = RelationshipType.withName("MEMBER_OF");
    public static final RelationshipType SUPER_ATTRIBUTES_TO =
            RelationshipType.withName("SUPER_ATTRIBUTES_TO");
    public static final RelationshipType OF_COMPRESSION =
            RelationshipType.withName("OF_COMPRESSION");
    public static final RelationshipType ON_SUPERNODE = RelationshipType.withName("ON_SUPERNODE");

    public static final RelationshipType JUDGES = RelationshipType.withName("JUDGES");

    private Names() {}
}
