/**
 * A text without what Postgres keeps neither in `text` nor in `jsonb`: NUL, and halves of surrogate pairs. Nothing that a
 * person reads needs them. https://www.postgresql.org/docs/current/datatype-json.html
 */
export const storableText = (text: string): string =>
  isStorableText(text) ? text : text.replaceAll("\0", "").toWellFormed()

export const isStorableText = (text: string): boolean => !text.includes("\0") && text.isWellFormed()

/**
 * What a peer answered, with every text in it as `storableText`: a commit's message may hold anything. The same object
 * where nothing is to be taken out; what is no plain data is let be.
 */
export function storable<T>(data: T): T
export function storable(data: unknown): unknown {
  return isStorable(data) ? data : cleaned(data)
}

function isStorable(data: unknown): boolean {
  if (typeof data === "string") return isStorableText(data)
  if (Array.isArray(data)) return data.every(isStorable)
  if (!isPlain(data)) return true
  for (const key in data) if (!isStorable(data[key])) return false
  return true
}

function cleaned(data: unknown): unknown {
  if (typeof data === "string") return storableText(data)
  if (Array.isArray(data)) return data.map(cleaned)
  return isPlain(data) ? Object.fromEntries(Object.entries(data).map(([key, value]) => [key, cleaned(value)])) : data
}

const isPlain = (data: unknown): data is { readonly [key: string]: unknown } =>
  typeof data === "object" && data !== null && Object.getPrototypeOf(data) === Object.prototype

/** The first `most` UTF-16 units of a text, without the half of a character that a cut between its two would leave. */
export const firstOf = (text: string, most: number): string => {
  const last = text.charCodeAt(most - 1)
  const isHalved = text.length > most && last >= 0xd800 && last <= 0xdbff
  return text.slice(0, isHalved ? most - 1 : most)
}
