-- The unique indexes that can identify a row, the best of each table first: the primary key, then
-- the index that deletes are logged with, then the one with the fewest columns.
SELECT n.nspname AS schema, c.relname AS relation, x.relname AS index, i.indisprimary AS is_primary,
    (SELECT array_agg(a.attname ORDER BY k.place)
       FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attribute, place)
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attribute
       WHERE k.place <= i.indnkeyatts)::text[] AS columns
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_class x ON x.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ANY (?) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
    AND i.indexprs IS NULL
    AND NOT EXISTS (
      SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attribute, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attribute
        WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
  ORDER BY n.nspname, c.relname, i.indisprimary DESC, i.indisreplident DESC, i.indnkeyatts,
    x.relname
