import { createHash } from "node:crypto"

/**
 * SHA-256 of a value, in hex: equal for values that say the same, whatever the order of their keys.
 * A property that is `undefined` counts as absent, as it does in a `jsonb` column.
 * @throws TypeError for what JSON cannot say: a function, a symbol, a bigint, NaN, an infinite number, a circle
 */
export const hashOf = (value: unknown): string => createHash("sha256").update(canonical(value, [])).digest("hex")

/** JSON with sorted keys and no spaces: RFC 8785's order of UTF-16 units, which is JavaScript's own. */
function canonical(value: unknown, parents: readonly object[]): string {
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value)
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value)
  if (typeof value !== "object") throw new TypeError(`cannot hash ${typeof value} ${String(value)}`)
  if (parents.includes(value)) throw new TypeError("cannot hash a value that contains itself")
  const within = [...parents, value]
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null, within)).join(",")}]`
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item, within)}`).join(",")}}`
}
