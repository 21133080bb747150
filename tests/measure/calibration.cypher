// What sot.match.selfTest finds over many seeds: how often methods recover planted partners, how often certified matches are
// wrong, and how often features whose partner was removed are certified. A dictionary is matched with copies of itself on
// disjoint halves of the prompts, every activation rescaled. One row a seed, layer, sigma and method, each seed's as soon as
// it is done; calibration-totals.cypher makes the tables of docs/matching.md of them. On the demonstration:
//
//     ./sot run tests/measure/calibration.cypher --format jsonl --import import/demo --param bundle=bundle \
//         --param dictionary=add4l-tc512 --param 'layers=[1,3]' --param method=aligned --param dimension=128 \
//         --param 'sigma=[0.0]' --param rotated=false --param 'removed=[0.0,0.3]' --param seeds=20 >rows.jsonl
//     ./sot run tests/measure/calibration-totals.cypher --param "rows=[$(grep seed rows.jsonl | paste -sd, -)]"

CALL sot.schema.create() YIELD status RETURN count(*) AS indexesAndConstraints;
CALL sot.import.activations($bundle) YIELD corpus;
CALL sot.space.fit({method: $method, dimension: $dimension}) YIELD space, method, dimension;

UNWIND range(1, $seeds) AS seed
UNWIND $removed AS removed
CALL sot.match.selfTest({dictionary: $dictionary, layers: $layers, sigma: $sigma, rotated: $rotated, removed: removed, seed: seed})
YIELD layer, sigma, rotated, method, available, sources, recovered, withoutPartner, certified, certifiedRight, certifiedWithoutPartner
WHERE available
RETURN seed, removed, layer, sigma, rotated, method, sources, recovered, withoutPartner, certified, certifiedRight, certifiedWithoutPartner;
