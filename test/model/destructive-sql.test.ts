import { expect, test } from "vitest"
import { destructiveIn } from "../../src/model/destructive-sql.ts"

const kinds = (sql: string) => destructiveIn(sql).map(({ is }) => is)

test.each<[string, readonly string[]]>([
  ["DROP TABLE users", ["drop"]],
  ["drop table if exists users;", ["drop"]],
  ["ALTER TABLE users DROP COLUMN name;", ["drop"]],
  ["ALTER TABLE users DROP name;", ["drop"]],
  ["ALTER TABLE users ADD a int, DROP COLUMN b;", ["drop"]],
  ["DROP VIEW v; DROP TYPE t; DROP SCHEMA s CASCADE", ["drop", "drop", "drop"]],
  ["DROP/**/TABLE users", ["drop"]],
  ["DROP -- now\nTABLE users", ["drop"]],
  ["/*!50000 DROP TABLE users */", ["drop"]],
  ["DO $$ BEGIN DROP TABLE users; END $$;", ["drop"]],
  ["SELECT 'it''s'; DROP TABLE users", ["drop"]],
  ["ALTER TABLE users RENAME TO people", ["rename"]],
  ["ALTER TABLE users RENAME COLUMN a TO b", ["rename"]],
  ["RENAME TABLE a TO b", ["rename"]],
  ["EXEC sp_rename 'users', 'people'", ["rename"]],
  ["ALTER TABLE t CHANGE a b INT", ["rename"]],
  ["ALTER TABLE t ALTER COLUMN a TYPE bigint", ["type"]],
  ["ALTER TABLE t ALTER a SET DATA TYPE bigint", ["type"]],
  ["ALTER TABLE t ALTER COLUMN a bigint", ["type"]],
  ["ALTER TABLE t MODIFY COLUMN a bigint", ["type"]],
  ["ALTER TABLE t ADD COLUMN a int NOT NULL", ["not null"]],
  ["ALTER TABLE t ADD a int NOT NULL DEFAULT 0, b int NOT NULL", ["not null"]],
  ["ALTER TABLE t ADD (a int, b int NOT NULL)", ["not null"]],
  ["ALTER TABLE t ALTER COLUMN a SET NOT NULL", ["not null"]],
  ['ALTER TABLE "DROP" ADD "a" int NOT NULL', ["not null"]],
])("%s breaks what ran before", (sql, expected) => {
  expect(kinds(sql)).toEqual(expected)
})

test.each([
  "",
  "CREATE TABLE users (id int NOT NULL, name text)",
  "-- DROP TABLE users",
  "/* DROP TABLE users; */ SELECT 1",
  "INSERT INTO notes VALUES ('DROP TABLE users')",
  "INSERT INTO notes VALUES ('it''s; DROP TABLE users')",
  'CREATE TABLE "DROP TABLE" (a int)',
  "ALTER TABLE t ADD COLUMN a int",
  "ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0",
  "ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS IDENTITY NOT NULL",
  "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL)",
  "ALTER TABLE t ADD COLUMN a int CHECK (a IS NOT NULL)",
  "ALTER TABLE t ALTER COLUMN a DROP NOT NULL",
  "ALTER TABLE t ALTER COLUMN a SET DEFAULT 1",
  "ALTER TABLE t DROP CONSTRAINT c",
  "ALTER TABLE t RENAME CONSTRAINT a TO b",
  "DROP INDEX i; ALTER INDEX i RENAME TO j",
  "CREATE TEMP TABLE t (a int) ON COMMIT DROP",
  "ALTER TYPE mood ADD VALUE 'sad'",
  "CREATE TABLE t (a int);\n-- migrate:down\nDROP TABLE t;",
])("%s breaks nothing", (sql) => {
  expect(kinds(sql)).toEqual([])
})

test.each([
  ["what is a string to MySQL only", "SELECT '\\'; DROP TABLE users; -- '"],
  ["what is a comment to MySQL only", "SELECT a # b\n; DROP TABLE users"],
  ["what is an operator to PostgreSQL", "SELECT a #> b; DROP TABLE users"],
  ["what is no comment to MySQL", "SELECT 5--1; DROP TABLE users"],
  ["a string that never ends", "SELECT 'a; DROP TABLE users"],
  ["a comment that never ends", "/* DROP TABLE users"],
  ["a nested comment that ends for MySQL", "/* a /* b */ ; DROP TABLE users; /* c */ */"],
])("%s hides nothing", (_, sql) => {
  expect(kinds(sql)).toContain("drop")
})

test("says what it found in one line, and not more than a few", () => {
  expect(destructiveIn("select 1;\nALTER TABLE users\n  DROP COLUMN name;")).toEqual([
    { is: "drop", text: "ALTER TABLE users DROP COLUMN name" },
  ])
  expect(destructiveIn(`DROP TABLE ${"a".repeat(500)}`)[0]?.text.length).toBe(80)
  expect(destructiveIn("DROP TABLE a;".repeat(100))).toHaveLength(20)
})
