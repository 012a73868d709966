import { quoteAll } from "./quote.ts"

/** A gate that a repository sets lower than its organisation does. */
export interface Loosening {
  readonly path: readonly string[]
  /** The end of a sentence that begins with the key: `must be at least 2`. */
  readonly must: string
}

/** @returns what the value must be where it is looser than the floor's, else null */
export type Judge<T> = (floor: T, own: T) => string | null
type Table<T> = { readonly [Key in keyof T]-?: Judge<T[Key] | undefined> }
/** Keys that are missing here must be as the floor has them: a gate that nobody has judged yet is loosened by nobody. */
export type Known<T> = Partial<Table<T>>

/** No gate: what the organisation says is a default, and the repository's own word counts. */
export const free: Judge<unknown> = () => null

export const same: Judge<unknown> = (floor, own) =>
  textOf(floor) === textOf(own)
    ? null
    : `must be as the floor has it (${floor === undefined ? "not set" : shown(floor)})`

export const atLeast: Judge<number | undefined> = (floor = 0, own = 0) =>
  own >= floor ? null : `must be at least ${floor}`

export const atMost: Judge<number | undefined> = (floor, own) =>
  floor === undefined || (own !== undefined && own <= floor) ? null : `must be at most ${floor}`

export const longer: Judge<number | undefined> = (floor = 0, own = 0) =>
  own >= floor ? null : `must be at least ${durationOf(floor)}`

export const shorter: Judge<number | undefined> = (floor, own) =>
  floor === undefined || (own !== undefined && own <= floor) ? null : `must be at most ${durationOf(floor)}`

export const staysTrue: Judge<boolean | undefined> = (floor, own) => (floor && !own ? "must be `true`" : null)

export const staysFalse: Judge<boolean | undefined> = (floor, own) => (!floor && own ? "must be `false`" : null)

export const containsAll: Judge<readonly unknown[] | undefined> = (floor = [], own = []) => {
  const there = new Set(own.map(textOf))
  const missing = floor.filter((entry) => !there.has(textOf(entry)))
  return missing.length === 0 ? null : `must have ${missing.map(shown).join(", ")}`
}

export const noneMore: Judge<readonly unknown[] | undefined> = (floor = [], own = []) => {
  const there = new Set(floor.map(textOf))
  const more = own.filter((entry) => !there.has(textOf(entry)))
  return more.length === 0 ? null : `must have no entry that the floor does not have, such as ${shown(more[0])}`
}

/** Each key by its own comparison: what is not in the table must be the same. */
export function judged<T extends object>(
  table: Known<T>,
  floor: T,
  own: T,
  path: readonly string[],
): readonly Loosening[] {
  const keys = [...new Set([...Object.keys(floor), ...Object.keys(own)])] as (keyof T & string)[]
  return keys.flatMap((key) => found([...path, key], (table[key] ?? same)(floor[key], own[key])))
}

export const found = (path: readonly string[], must: string | null): readonly Loosening[] =>
  must === null ? [] : [{ path, must }]

/** The same text for the same value, whatever the order of its keys. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, it: unknown) =>
    typeof it === "object" && it !== null && !Array.isArray(it) ? Object.fromEntries(Object.entries(it).sort()) : it,
  ) ?? ""

export const shown = (value: unknown): string => quoteAll([typeof value === "string" ? value : textOf(value)])

const HOUR = 60
const DAY = 24 * HOUR

function durationOf(minutes: number): string {
  if (minutes % DAY === 0) return `${minutes / DAY}d`
  return minutes % HOUR === 0 ? `${minutes / HOUR}h` : `${minutes}m`
}
