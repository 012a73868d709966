import fc from "fast-check"
import { expect, test } from "vitest"
import { type AuditRecord, chained, EMPTY_CHAIN, followChain, recordHash } from "../../src/model/audit-chain.ts"

const REPOSITORY = "42"

const entries = fc.array(
  fc.record({
    what: fc.constantFrom("cut", "approved", "published"),
    by: fc.string(),
    facts: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Record<string, never>>,
  }),
  { minLength: 1, maxLength: 12 },
)
const chains = entries.map((of) =>
  chained(EMPTY_CHAIN, of, { repository: REPOSITORY, version: "7", at: "2026-03-01T10:00:00.000Z" }),
)

const headOf = (records: readonly AuditRecord[]) => records.at(-1) ?? EMPTY_CHAIN

function check(records: readonly AuditRecord[], head: { sequence: number; hash: string }, start = EMPTY_CHAIN) {
  const chain = followChain(REPOSITORY, start)
  for (const record of records) chain.next(record)
  return chain.end(head)
}

test("a chain holds, whole and from every place in it", () => {
  fc.assert(
    fc.property(chains, fc.nat(), (records, pick) => {
      expect(check(records, headOf(records))).toEqual({ records: records.length, breaks: [] })
      const from = pick % records.length
      const start = records[from - 1] ?? EMPTY_CHAIN
      expect(check(records.slice(from), headOf(records), start).breaks).toEqual([])
    }),
  )
})

test("what came back from the database, with its keys in another order, is the same record", () => {
  fc.assert(
    fc.property(chains, (records) => {
      const turned = (value: unknown): unknown =>
        Array.isArray(value)
          ? value.map(turned)
          : typeof value === "object" && value !== null
            ? Object.fromEntries(
                Object.entries(value)
                  .reverse()
                  .map(([key, of]) => [key, turned(of)]),
              )
            : value
      for (const record of records) {
        const read = turned(JSON.parse(JSON.stringify(record))) as AuditRecord
        expect(recordHash(read)).toBe(record.hash)
      }
    }),
  )
})

const CHANGES: readonly (readonly [string, (record: AuditRecord) => AuditRecord])[] = [
  ["who it was", (r) => ({ ...r, entry: { ...r.entry, by: `${r.entry.by}x` } })],
  ["what was decided", (r) => ({ ...r, entry: { ...r.entry, what: "held" } })],
  ["a fact more", (r) => ({ ...r, entry: { ...r.entry, facts: { ...r.entry.facts, more: `${r.hash}` } } })],
  ["the time", (r) => ({ ...r, at: "2026-03-01T10:00:00.001Z" })],
  ["the state's version", (r) => ({ ...r, version: "8" })],
  ["the repository", (r) => ({ ...r, repository: "43" })],
  ["its number", (r) => ({ ...r, sequence: r.sequence + 1 })],
  ["the hash before", (r) => ({ ...r, previous: r.hash })],
  ["its hash", (r) => ({ ...r, hash: r.hash.replace(/^./, (c) => (c === "0" ? "1" : "0")) })],
]

test.each(CHANGES)("one change in one record is found: %s", (_, change) => {
  fc.assert(
    fc.property(chains, fc.nat(), (records, pick) => {
      const at = pick % records.length
      const changed = records.with(at, change(records[at] as AuditRecord))
      expect(check(changed, headOf(records)).breaks).not.toEqual([])
    }),
  )
})

// Each record is honest for itself then, so that only the link to the next, or the head kept apart, gives it away.
test.each(CHANGES.slice(0, 5))("it is found also when the record is hashed anew: %s", (_, change) => {
  fc.assert(
    fc.property(chains, fc.nat(), (records, pick) => {
      const at = pick % records.length
      const changed = change(records[at] as AuditRecord)
      const forged = records.with(at, { ...changed, hash: recordHash(changed) })
      expect(check(forged, headOf(records)).breaks).not.toEqual([])
    }),
  )
})

test("records that are gone are named, at the beginning, in the middle and at the end", () => {
  fc.assert(
    fc.property(chains, fc.nat(), fc.nat(), (records, first, count) => {
      const from = first % records.length
      const left = records.toSpliced(from, 1 + (count % (records.length - from)))
      const to = from + records.length - left.length
      expect(check(left, headOf(records)).breaks).toContainEqual({ is: "missing", from: from + 1, to })
    }),
  )
})

test("two records that changed places are found, as rows and as contents", () => {
  fc.assert(
    fc.property(chains, fc.nat(), fc.nat(), (records, one, other) => {
      const a = records[one % records.length] as AuditRecord
      const b = records[other % records.length] as AuditRecord
      fc.pre(a !== b)
      const rows = records.map((r) => (r === a ? b : r === b ? a : r))
      expect(check(rows, headOf(records)).breaks).not.toEqual([])
      fc.pre(JSON.stringify(a.entry) !== JSON.stringify(b.entry))
      const contents = records.map((r) => (r === a ? { ...r, entry: b.entry } : r === b ? { ...r, entry: a.entry } : r))
      expect(check(contents, headOf(records)).breaks).not.toEqual([])
    }),
  )
})

test("a record that was put in is found", () => {
  fc.assert(
    fc.property(chains, fc.nat(), (records, pick) => {
      const at = pick % records.length
      const twice = records.toSpliced(at, 0, records[at] as AuditRecord)
      expect(check(twice, headOf(records)).breaks).not.toEqual([])
      const more = [
        ...records,
        ...chained(headOf(records), [{ what: "approved", facts: {} }], records[0] as AuditRecord),
      ]
      expect(check(more, headOf(records)).breaks).toMatchObject([{ is: "order", at: records.length + 1 }])
    }),
  )
})

test("a whole chain written anew does not end as the one before did", () => {
  const of = { repository: REPOSITORY, version: "7", at: "2026-03-01T10:00:00.000Z" }
  const was = chained(EMPTY_CHAIN, [{ what: "held", facts: {} }], of)
  const anew = chained(EMPTY_CHAIN, [{ what: "approved", facts: {} }], of)
  expect(check(anew, headOf(anew)).breaks).toEqual([])
  expect(check(anew, headOf(was)).breaks).toMatchObject([{ is: "changed", at: 1 }])
})
