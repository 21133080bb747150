// The compressed circuit: supernodes of features, and which drives which.
MATCH (s:Supernode {kind: 'feature'})-[e:SUPER_ATTRIBUTES_TO]->(t:Supernode)
WHERE t.kind IN ['feature', 'logit'] AND abs(e.normalizedWeight) > 0.05
RETURN s, e, t;
