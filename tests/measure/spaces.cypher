// How well held-out positions keep their places when they are seen through another layer, by each way of mapping layers:
// the table of docs/reference/space-fit.md. Wants a bundle `lm` in the import directory, with states at several layers and
// an unembedding:
//
//     ./sot run tests/measure/spaces.cypher --import DIRECTORY

CALL sot.schema.create() YIELD status RETURN count(*) AS indexesAndConstraints;
CALL sot.import.activations('lm') YIELD corpus;

// Spaces in which layers have points of their own are large, and written in transactions of their own.
CALL sot.space.fit({method: 'ridge', dimension: 64}) YIELD space, dimension, explainedVariance, heldOutVariance;
CALL sot.space.fit({method: 'procrustes', dimension: 64}) YIELD space, dimension, explainedVariance, heldOutVariance;
CALL sot.space.fit({method: 'logitLens', dimension: 64}) YIELD space, dimension, explainedVariance, heldOutVariance;

CALL sot.space.list() YIELD space, layers, heldOutR2, heldOutRetrieval, penalties
WHERE size(heldOutR2) > 0
UNWIND range(0, size(layers) - 1) AS l
RETURN space, layers[l] AS layer, round(heldOutR2[l], 3) AS r2, round(heldOutRetrieval[l], 3) AS retrieval;
