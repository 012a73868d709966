export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

export interface Operation {
  readonly op: string
  readonly path: string
  readonly value?: Json
}

/** `add`, `replace` and `test` of https://www.rfc-editor.org/rfc/rfc6902; undefined: it cannot be applied. */
export function applyPatch(document: Json, operations: readonly Operation[]): Json | undefined {
  const next = structuredClone(document)
  return operations.every((operation) => applyOne(next, operation)) ? next : undefined
}

function applyOne(document: Json, { op, path, value = null }: Operation): boolean {
  const keys = path
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
  const last = keys.pop()
  let at: Json | undefined = document
  for (const key of keys) at = isObject(at) ? at[key] : undefined
  if (last === undefined || !isObject(at)) return false
  if (op === "test") return JSON.stringify(at[last]) === JSON.stringify(value)
  if (op !== "add" && op !== "replace") return false
  if (op === "replace" && !Object.hasOwn(at, last)) return false
  at[last] = structuredClone(value)
  return true
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value)
