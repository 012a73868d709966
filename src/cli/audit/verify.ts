import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Break } from "../../model/audit-chain.ts"
import { type Checkpoint, readCheckpoint } from "../../model/checkpoint.ts"
import { count } from "../../render/words.ts"
import { auditedRepositories } from "../../store/audit.ts"
import { type ExitCode, ProblemFound, type Terminal } from "../command.ts"
import { paint, plain } from "../paint.ts"
import { doubts, type Followed, follow, type Opened, type Trusted } from "./trail.ts"

export interface VerifyOptions {
  readonly repository: string | undefined
  /** Files `slipway-audit.json` of releases. */
  readonly files: readonly string[]
  /** Public keys that are known to be Slipway's. */
  readonly keys: readonly string[]
  readonly json: boolean
}

interface Verified {
  readonly repository: string
  readonly records: number
  readonly from: number
  readonly to: number
  readonly head: string
  readonly problems: readonly string[]
  /** What holds, and what could not be compared. */
  readonly notes: readonly string[]
}

/** @returns 1 where something was changed, is missing or changed places, or a file is contradicted */
export async function verify({ db, key }: Opened, options: VerifyOptions, terminal: Terminal): Promise<ExitCode> {
  const files = options.files.map((file) => ({ file, checkpoint: readFile(terminal.directory, file) }))
  const trusted = new Set([...options.keys, ...(key ? [key.publicKey] : [])])
  const repositories = await auditedRepositories(db, options.repository)
  if (options.repository !== undefined && repositories.length === 0)
    throw new ProblemFound(`the database knows no repository ${options.repository}`)
  const strays = files.filter(({ checkpoint }) => !repositories.some((it) => it.key === checkpoint.repository.id))
  const verified: Verified[] = []
  for (const of of repositories) {
    const mine = files.filter(({ checkpoint }) => checkpoint.repository.id === of.key)
    const followed = await follow(
      db,
      of,
      trusted,
      mine.map(({ checkpoint }) => checkpoint.sequence),
    )
    verified.push(judge(followed, mine, trusted))
  }
  const unknown = strays.map(
    ({ file, checkpoint }) => `${file}: it is of ${checkpoint.repository.name}, which is not in this database`,
  )
  const ok = unknown.length === 0 && verified.every(({ problems }) => problems.length === 0)
  terminal.out(
    options.json
      ? `${JSON.stringify({ ok, repositories: verified, problems: unknown }, null, 2)}\n`
      : shown(verified, unknown, terminal),
  )
  return ok ? 0 : 1
}

interface Given {
  readonly file: string
  readonly checkpoint: Checkpoint
}

function readFile(directory: string, file: string): Checkpoint {
  let text: string
  try {
    text = readFileSync(join(directory, file), "utf8")
  } catch (cause) {
    throw new ProblemFound(`${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`)
  }
  const checkpoint = readCheckpoint(text)
  if (!checkpoint) throw new ProblemFound(`${file} is no slipway-audit.json`)
  return checkpoint
}

function judge(followed: Followed, files: readonly Given[], trusted: Trusted): Verified {
  const { of, records, from, head, breaks, cut } = followed
  const compared = files.map((given) => compare(given, followed, trusted))
  return {
    repository: of.name,
    records,
    from,
    to: head.sequence,
    head: head.hash,
    problems: [...cut, ...breaks.map(says), ...compared.flatMap(({ problem }) => problem ?? [])],
    notes: [
      ...(from > 1 ? [`records 1 to ${from - 1} were cut off, up to a signed checkpoint`] : []),
      ...compared.flatMap(({ note }) => note ?? []),
    ],
  }
}

/** A release's file against the trail: the record that it names has to be the one that stands there. */
function compare(
  { file, checkpoint }: Given,
  { of, head, hashAt, from }: Followed,
  trusted: Trusted,
): { readonly problem?: string; readonly note?: string } {
  const [doubt] = doubts(checkpoint, of, trusted)
  if (doubt !== undefined) return { problem: `${file}: ${doubt}` }
  const { sequence, hash, release, publicKey } = checkpoint
  const named = release ? `${file} (${release.version})` : file
  if (sequence > head.sequence)
    return { problem: `${named}: the trail had ${count(sequence, "record")} then, and has ${head.sequence} now` }
  const stands = hashAt(sequence)
  if (stands === undefined && sequence < from)
    return { note: `${named}: record ${sequence} was cut off since, so there is nothing to compare` }
  if (stands !== hash)
    return { problem: `${named}: record ${sequence} is not the one that stood there when the release was published` }
  const whose = trusted.size === 0 ? `; signed by ${publicKey}, which nobody vouched for (--key)` : ""
  return { note: `${named}: all records up to ${sequence} are those of then${whose}` }
}

/** Where a chain breaks, in a sentence. */
export function says(broken: Break): string {
  switch (broken.is) {
    case "changed":
      return `record ${broken.at} was changed: ${broken.because}`
    case "missing":
      return broken.from === broken.to
        ? `record ${broken.from} is missing`
        : `records ${broken.from} to ${broken.to} are missing`
    case "order":
      return `record ${broken.at} is out of order: ${broken.because}`
  }
}

function shown(verified: readonly Verified[], unknown: readonly string[], terminal: Terminal): string {
  const lines = verified.flatMap(({ repository, records, from, to, head, problems, notes }) => {
    const range = records === 0 ? "no record" : `${count(records, "record")}, ${from} to ${to}`
    const mark = problems.length === 0 ? paint(terminal, "green", "ok     ") : paint(terminal, "red", "problem")
    return [
      `${mark}  ${paint(terminal, "bold", plain(repository))}  ${range}${records === 0 ? "" : paint(terminal, "dim", `  ${head.slice(0, 16)}`)}`,
      ...problems.map((text) => `         ${paint(terminal, "red", "✘")} ${plain(text)}`),
      ...notes.map((text) => `         ${paint(terminal, "dim", "·")} ${plain(text)}`),
    ]
  })
  const others = unknown.map((text) => `${paint(terminal, "red", "problem")}  ${plain(text)}`)
  const broken = verified.filter(({ problems }) => problems.length > 0).length + unknown.length
  const sum =
    broken > 0
      ? "The audit trail does not hold."
      : verified.length === 0
        ? "There is no repository yet."
        : "The audit trail holds."
  return `${[...lines, ...others].join("\n")}\n\n${sum}\n`.trimStart()
}
