// Which supernodes that people made each computed supernode meets: shared members, and shares of both.
MATCH (mine:Supernode {kind: 'feature'})-[:IN_COMPRESSION]->(:Compression {id: $compression})
MATCH (mine)<-[:MEMBER_OF]-(node)-[:MEMBER_OF]->(human:Supernode)-[:IN_COMPRESSION]->(:Compression {id: $human})
WITH mine, human, count(node) AS shared
RETURN mine.label AS supernode, human.label AS byHand, shared,
       round(1.0 * shared / mine.size, 2) AS ofSupernode,
       round(1.0 * shared / human.size, 2) AS ofHuman
ORDER BY shared DESC, supernode, byHand;
