import { hash } from "node:crypto"

/**
 * SHA-256 of a value, in hex: equal for values that say the same, whatever the order of their keys.
 * A property that is `undefined` counts as absent, as it does in a `jsonb` column.
 * @throws TypeError for what JSON cannot say: a function, a symbol, a bigint, NaN, an infinite number, a circle
 */
export const hashOf = (value: unknown): string => hash("sha256", canonical(value, []), "hex")

/**
 * JSON with sorted keys and no spaces: RFC 8785's order of UTF-16 units, which is JavaScript's own. The notes of a long
 * release are hashed at each merge, so nothing is made on the way but the text.
 * @param parents what the value stands in; a stack
 */
function canonical(value: unknown, parents: object[]): string {
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value)
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value)
  if (typeof value !== "object") throw new TypeError(`cannot hash ${typeof value} ${String(value)}`)
  if (parents.includes(value)) throw new TypeError("cannot hash a value that contains itself")
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  parents.push(value)
  const text = Array.isArray(value) ? arrayText(value, parents) : objectText(value, parents)
  parents.pop()
  return text
}

function arrayText(items: readonly unknown[], parents: object[]): string {
  let text = ""
  for (let at = 0; at < items.length; at += 1) text += `${at === 0 ? "" : ","}${canonical(items[at] ?? null, parents)}`
  return `[${text}]`
}

function objectText(value: object, parents: object[]): string {
  const properties = value as { readonly [key: string]: unknown }
  let text = ""
  for (const key of Object.keys(value).sort()) {
    const item = properties[key]
    if (item !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonical(item, parents)}`
  }
  return `{${text}}`
}
