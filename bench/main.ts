import { availableParallelism, cpus } from "node:os"
import { parseArgs } from "node:util"
import * as ack from "./ack.ts"
import * as gates from "./gates.ts"
import * as idle from "./idle.ts"
import * as load from "./load.ts"
import * as merge from "./merge.ts"
import * as notes from "./notes.ts"
import * as rollback from "./rollback.ts"
import type { BenchRow } from "./row.ts"

const BENCHES: { readonly [name: string]: { run(): Promise<readonly BenchRow[]> } } = {
  merge,
  ack,
  rollback,
  load,
  notes,
  gates,
  idle,
}
const NAMES = Object.keys(BENCHES).join(", ")

const HELP = `npm run bench [-- options]

Measures what Slipway promises, one benchmark after another, in some minutes. Nothing leaves this machine.

  --only NAME   run this one alone, and others that are named so too: ${NAMES}
  --help

load takes a quarter of an hour; less with LOAD_SECONDS (300), LOAD_REPOSITORIES (1000), LOAD_INSTALLATIONS (50),
LOAD_BURST (5000) and LOAD_PROCESSES (1,2,4).

Exit code: 0 if every limit is kept, 1 if one is broken, 2 for wrong usage.
`

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  let only: readonly string[]
  try {
    const options = { only: { type: "string", multiple: true }, help: { type: "boolean" } } as const
    const { values } = parseArgs({ args: [...args], options })
    if (values.help) {
      process.stdout.write(HELP)
      return 0
    }
    only = values.only ?? Object.keys(BENCHES)
    const unknown = only.find((name) => !Object.hasOwn(BENCHES, name))
    if (unknown !== undefined) throw new Error(`there is no benchmark ${unknown}, only: ${NAMES}`)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return 2
  }
  const rows: BenchRow[] = []
  for (const [name, { run }] of Object.entries(BENCHES)) {
    if (!only.includes(name)) continue
    const begun = performance.now()
    rows.push(...(await run()))
    process.stderr.write(`${name} took ${((performance.now() - begun) / 1_000).toFixed(0)} s\n`)
  }
  process.stdout.write(`\n${machine()}\n\n${table(rows)}\n`)
  const broken = rows.filter(({ ok }) => ok === false)
  process.stdout.write(broken.length === 0 ? "\nEvery limit is kept.\n" : `\n${broken.length} limits are broken.\n`)
  return broken.length === 0 ? 0 : 1
}

const machine = (): string =>
  `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} × ${cpus()[0]?.model ?? "CPU"}`

/** Columns as wide as what they hold: the table is Markdown too, for docs/measurements.md. */
function table(rows: readonly BenchRow[]): string {
  const cells = [
    ["bench", "case", "figure", "limit", ""],
    ...rows.map((row) => [row.bench, row.case, row.figure, row.limit ?? "", verdict(row)]),
  ]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`
  const rule = line(widths.map((width) => "-".repeat(width)))
  return [line(cells[0] ?? []), rule, ...cells.slice(1).map(line)].join("\n")
}

const verdict = ({ ok }: BenchRow): string => (ok === undefined ? "" : ok ? "kept" : "BROKEN")

process.exit(await main(process.argv.slice(2)))
