import type { Config } from "../model/config.ts"
import { kindOf } from "../model/line-kind.ts"
import { own } from "../model/own.ts"
import type { State } from "../model/state.ts"
import { readDrafts } from "./drafts.ts"
import type { Findings } from "./findings.ts"
import { readHotfixBranches } from "./hotfix-branches.ts"
import { type LineSeen, readLine } from "./line.ts"
import { configFor, releaseBranches, ruling } from "./line-config.ts"
import { readBack } from "./line-needs.ts"
import type { Needs } from "./needs.ts"
import type { ObserveInput } from "./observe-input.ts"
import type { Organisations } from "./organisation.ts"
import type { Reader } from "./reader.ts"

/** The default branch first: its configuration names the others. */
export async function readLines(
  input: ObserveInput,
  reader: Reader,
  findings: Findings,
  organisations: Organisations,
  needed: Needs,
): Promise<ReadonlyMap<string, LineSeen>> {
  const { repo, state, signals } = input
  const { defaultBranch } = repo
  let ruled = ruling(repo, state)
  const one = (branch: string, lineNeeds = own(needed.lines, branch) ?? readBack) => {
    const kind = ruled ? kindOf(ruled, branch, defaultBranch) : null
    return readLine({ reader, findings, organisations, state, signals, branch, needs: lineNeeds, kind })
  }
  const lines = new Map<string, LineSeen>()
  if (own(needed.lines, defaultBranch)) {
    const line = await one(defaultBranch)
    lines.set(defaultBranch, line)
    ruled = configFor(line)
    if (own(needed.lines, defaultBranch)?.config) await readHotfixes(reader, findings, ruled)
  }
  const known = Object.values(state?.lines ?? {}).flatMap((l) => (l.retired === undefined ? [l.branch] : []))
  const released = releaseBranches(repo, ruled, findings.facts().learned.hotfixes ?? [])
  const fresh = released.filter((branch) => !known.includes(branch))
  const rest = new Set([...Object.keys(needed.lines), ...fresh].filter((branch) => !lines.has(branch)))
  for (const line of await Promise.all([...rest].map((branch) => one(branch)))) lines.set(line.branch, line)
  if ([...lines.values()].some((line) => line.readBack)) {
    const drafts = await readDrafts(reader)
    if (drafts.is === "read") findings.add({ drafts: drafts.value })
    // Without them a second draft could be made beside the first.
    else for (const line of lines.values()) findings.forget("ledgers", line.branch, drafts.because)
  }
  return lines
}

async function readHotfixes(reader: Reader, findings: Findings, config: Config): Promise<void> {
  if (config.hotfix.branches.length === 0) return
  const hotfixes = await readHotfixBranches(reader, config)
  if (hotfixes.is === "read") findings.add({ hotfixes: hotfixes.value })
  else findings.unknown("hotfixes", hotfixes.because)
}

/** A line as the state knows it. */
export const knownLine = (state: State | undefined, branch: string): LineSeen | undefined => {
  const line = own(state?.lines, branch)
  return line && { ...line, readBack: false }
}

/** Lines as this run has read them, and those that it has not as they are known. */
export const allLines = (state: State | undefined, lines: ReadonlyMap<string, LineSeen>): readonly LineSeen[] => [
  ...lines.values(),
  ...Object.keys(state?.lines ?? {}).flatMap((branch) => (lines.has(branch) ? [] : (knownLine(state, branch) ?? []))),
]
