// Second half of faithfulness.sh: stores what the model did and prints the curves. AUC is the mean share of digits right over the 17
// sizes, null for groupings that do not reach all of them; K99 the smallest size from which on at least 99 % are right.

UNWIND ['global-results.jsonl', 'prompts-results.jsonl'] AS file
CALL sot.import.interventions(file) YIELD compression, created
RETURN file, count(*) AS compressions, sum(created) AS measurements;

MATCH (i:Intervention {measure: 'digitAccuracy'})-[:OF_COMPRESSION]->(k:Compression {id: 'W1/100'})
WHERE i.kind <> 'average'
RETURN i.kind AS reference, i.prompts AS prompts, round(i.value, 3) AS digitsRight;

MATCH (i:Intervention {kind: 'average', measure: 'digitAccuracy'})-[:OF_COMPRESSION]->(k:Compression)
      -[:COMPRESSES]->(:Circuit {slug: 'add-global'})
WITH split(k.id, '/')[0] AS grouping, toInteger(split(k.id, '/')[1]) AS size, i.value AS right
WHERE size IS NOT NULL
WITH grouping, size, right ORDER BY size DESC
WITH grouping, collect({size: size, right: right}) AS curve, avg(right) AS area
WITH grouping, curve, area, [i IN range(0, size(curve) - 1) WHERE all(p IN curve[..i + 1] WHERE p.right >= 0.99)] AS faithful
RETURN grouping, CASE size(curve) WHEN 17 THEN round(area, 3) END AS AUC, curve[last(faithful)].size AS K99,
       [p IN curve WHERE p.size = 100 | round(p.right, 2)][0] AS at100, [p IN curve WHERE p.size = 80 | round(p.right, 2)][0] AS at80,
       [p IN curve WHERE p.size = 50 | round(p.right, 2)][0] AS at50, [p IN curve WHERE p.size = 30 | round(p.right, 2)][0] AS at30
ORDER BY coalesce(AUC, 0.0) DESC, grouping;

MATCH (i:Intervention {kind: 'average'})-[:OF_COMPRESSION]->(k:Compression)-[:COMPRESSES]->(c:Circuit)
WHERE k.id IN [c.slug + '/auto', c.slug + '/tenth'] AND i.measure IN ['digitAccuracy', 'faithfulness']
WITH c.slug AS circuit, split(k.id, '/')[1] AS rule, count{(:Supernode {kind: 'feature'})-[:IN_COMPRESSION]->(k)} AS supernodes,
     collect({measure: i.measure, value: round(i.value, 3)}) AS values
RETURN circuit, rule, supernodes, [v IN values WHERE v.measure = 'digitAccuracy' | v.value][0] AS digitsRight,
       [v IN values WHERE v.measure = 'faithfulness' | v.value][0] AS faithfulness
ORDER BY circuit, rule;
