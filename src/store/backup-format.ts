import { z } from "zod"

/**
 * A backup is lines of text: a header, then for each table a line with its name and a line for each of its rows, then an
 * end that counts them. Rows are PostgreSQL's own JSON of them, and pass through as text: no number is rounded.
 */
const headerSchema = z.object({
  format: z.literal("slipway backup 1"),
  /** Of Slipway, which made it. */
  version: z.string(),
  /** Name of the newest migration that the database had. */
  schema: z.string(),
  /** ISO 8601 */
  at: z.string(),
})
export type BackupHeader = z.infer<typeof headerSchema>

const tableSchema = z.object({ table: z.string().regex(/^[a-z_]{1,63}$/) })

/** `sequences`: the last number given out, by table; what numbers come next must not be those of rows that are gone. */
const endSchema = z.object({
  end: z.literal(true),
  rows: z.record(z.string(), z.number().int()),
  sequences: z.record(z.string(), z.string().regex(/^\d{1,19}$/)),
})
export type BackupEnd = z.infer<typeof endSchema>

/** A line that is no row begins with this; a row is an object and begins with a brace. */
const MARK = "#"

export const lineOf = (what: BackupHeader | z.infer<typeof tableSchema> | BackupEnd): string =>
  MARK + JSON.stringify(what)

export type BackupLine =
  | { readonly is: "header"; readonly header: BackupHeader }
  | { readonly is: "table"; readonly table: string }
  | { readonly is: "end"; readonly end: BackupEnd }
  | { readonly is: "row"; readonly text: string }

/** @returns undefined for what no backup has */
export function readLine(text: string): BackupLine | undefined {
  if (text.startsWith("{")) return { is: "row", text }
  if (!text.startsWith(MARK)) return undefined
  const value = parsed(text.slice(MARK.length))
  const [header, table, end] = [headerSchema, tableSchema, endSchema].map((schema) => schema.safeParse(value))
  if (header?.success) return { is: "header", header: header.data as BackupHeader }
  if (table?.success) return { is: "table", table: (table.data as z.infer<typeof tableSchema>).table }
  return end?.success ? { is: "end", end: end.data as BackupEnd } : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
