// The constraints that SOT needs, as CALL sot.schema.create() creates them. Running this file by hand does the same.
CREATE CONSTRAINT sot_model IF NOT EXISTS FOR (n:Model) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT sot_dictionary IF NOT EXISTS FOR (n:Dictionary) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT sot_feature IF NOT EXISTS FOR (n:Feature) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT sot_feature_vectors IF NOT EXISTS FOR (n:FeatureVectors) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT sot_corpus IF NOT EXISTS FOR (n:Corpus) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT sot_prompt IF NOT EXISTS FOR (n:Prompt) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT sot_token_position IF NOT EXISTS FOR (n:TokenPosition) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT sot_hidden_states IF NOT EXISTS FOR (n:HiddenStates) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT sot_activations IF NOT EXISTS FOR (n:Activations) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT sot_reference_space IF NOT EXISTS FOR (n:ReferenceSpace) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT sot_points IF NOT EXISTS FOR (n:Points) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT sot_distribution IF NOT EXISTS FOR (n:Distribution) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT sot_circuit IF NOT EXISTS FOR (n:Circuit) REQUIRE n.slug IS UNIQUE;
CREATE CONSTRAINT sot_circuit_node IF NOT EXISTS FOR (n:CircuitNode) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT sot_compression IF NOT EXISTS FOR (n:Compression) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT sot_supernode IF NOT EXISTS FOR (n:Supernode) REQUIRE n.key IS UNIQUE;
CREATE INDEX sot_feature_dictionary IF NOT EXISTS FOR (n:Feature) ON (n.dictionary, n.layer);
CREATE INDEX sot_staged_circuit IF NOT EXISTS FOR (n:StagedCircuit) ON (n.slug);
