// What changed from one compression to another of the same circuit: where the members of each supernode went.
MATCH (a:Supernode {kind: 'feature'})-[:IN_COMPRESSION]->(:Compression {id: $compression})
MATCH (a)<-[:MEMBER_OF]-(node)-[:MEMBER_OF]->(b:Supernode)-[:IN_COMPRESSION]->(:Compression {id: $other})
WITH a, b, count(node) AS members
ORDER BY members DESC, b.rank
WITH a, collect({into: b.label, members: members, of: b.size}) AS went
RETURN a.rank AS rank, a.label AS supernode, a.size AS size,
       CASE WHEN size(went) > 1 THEN 'split' WHEN went[0].of > a.size THEN 'merged' ELSE 'same' END AS change, went
ORDER BY rank;
