// The superedges of a compression: signed share of the target's input, the sums behind it, and what cancels.
MATCH (s:Supernode)-[:IN_COMPRESSION]->(:Compression {id: $compression})
MATCH (s)-[e:SUPER_ATTRIBUTES_TO]->(t:Supernode)
RETURN s.label AS source, t.label AS target, round(e.normalizedWeight, 3) AS share, e.links AS links,
       round(e.weight, 3) AS weight, round(e.positive, 3) AS positive, round(e.negative, 3) AS negative,
       round(e.cancelled, 3) AS cancelled
ORDER BY abs(e.normalizedWeight) DESC, source, target
LIMIT 25;
