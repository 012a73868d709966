import { createHash } from "node:crypto"

/** SHA-256 of an effect's content, independent of the order of its properties. */
export const contentHash = (content: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(content, sorted) ?? "undefined")
    .digest("hex")

const sorted = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
