// Supernodes whose grouping hides most: links inside them, links into them that cancel, influence that the compressed circuit loses.
MATCH (s:Supernode {kind: 'feature'})-[:IN_COMPRESSION]->(:Compression {id: $compression})
RETURN s.label AS supernode, s.labelSource AS labelFrom, s.size AS size,
       round(s.internalMass, 4) AS hidden, round(s.cancelledMass, 4) AS cancelled,
       round(s.influence, 4) AS influence, round(s.compressedInfluence, 4) AS compressedInfluence
ORDER BY s.internalMass + s.cancelledMass DESC, supernode
LIMIT 10;
