import { own } from "../model/own.ts"

/** One place where two values differ: a key that came, went or changed, or an item of a list. */
export interface Difference {
  /** Keys from the outside in. */
  readonly path: readonly string[]
  /** Absent: it was not there. */
  readonly from?: unknown
  readonly to?: unknown
  /** It is one of a list: `from` went, or `to` came. How many there were, and are. */
  readonly inList?: { readonly before: number; readonly after: number }
}

/** Where two plain values differ, from the outside in. Lists are compared as sets: their order asks for nothing. */
export function differences(from: unknown, to: unknown, path: readonly string[] = []): readonly Difference[] {
  if (canonical(from) === canonical(to)) return []
  if (Array.isArray(from) && Array.isArray(to)) return listDifferences(from, to, path)
  if (isRecord(from) && isRecord(to))
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
      differences(own(from, key), own(to, key), [...path, key]),
    )
  return [{ path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }]
}

function listDifferences(
  from: readonly unknown[],
  to: readonly unknown[],
  path: readonly string[],
): readonly Difference[] {
  const [old, fresh] = [new Set(from.map(canonical)), new Set(to.map(canonical))]
  const inList = { before: from.length, after: to.length }
  return [
    ...from.filter((item) => !fresh.has(canonical(item))).map((item) => ({ path, from: item, inList })),
    ...to.filter((item) => !old.has(canonical(item))).map((item) => ({ path, to: item, inList })),
  ]
}

type Record = { readonly [key: string]: unknown }

const isRecord = (value: unknown): value is Record =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Keys in one order, so that equal values have equal texts. */
const canonical = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  )
