-- The columns of all tables in some schemas, with the types that domains and arrays are made of.
-- Partitions are left out, since their parent stands for them; and so are views and foreign tables.
WITH RECURSIVE columns AS (
  SELECT n.nspname AS schema, c.relname AS relation, c.oid AS relation_id,
      obj_description(c.oid, 'pg_class') AS relation_comment,
      a.attnum AS place, a.attname AS name, a.attnotnull AS required,
      a.attgenerated <> '' AS generated,
      col_description(c.oid, a.attnum) AS comment,
      a.atttypid AS type, a.atttypmod AS modifier, 0 AS dimensions
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY (?)
  UNION ALL
  SELECT r.schema, r.relation, r.relation_id, r.relation_comment, r.place, r.name,
      r.required OR (t.typtype = 'd' AND r.dimensions = 0 AND t.typnotnull),
      r.generated, r.comment,
      CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.typelem END,
      CASE WHEN t.typtype = 'd' AND t.typtypmod <> -1 THEN t.typtypmod ELSE r.modifier END,
      CASE WHEN t.typtype = 'd' THEN r.dimensions ELSE r.dimensions + 1 END
    FROM columns r
    JOIN pg_type t ON t.oid = r.type
    WHERE t.typtype = 'd' OR (t.typcategory = 'A' AND t.typelem <> 0)
)
SELECT r.schema, r.relation, r.relation_comment, r.name, r.required, r.generated, r.comment,
    format_type(r.type, r.modifier) AS type, t.typtype = 'e' AS enumeration, r.dimensions
  FROM columns r
  JOIN pg_type t ON t.oid = r.type
  WHERE NOT (t.typtype = 'd' OR (t.typcategory = 'A' AND t.typelem <> 0))
  ORDER BY r.schema, r.relation, r.place
