import type { Pull } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { Ci } from "../model/evidence.ts"
import { formerDefault } from "../model/former-default.ts"
import { knownTags, sameTags } from "../model/known-tags.ts"
import { type Base, extend, join, type Ledger, startOf } from "../model/ledger.ts"
import { kindOf, type LineKind, STABLE } from "../model/line-kind.ts"
import { own } from "../model/own.ts"
import { seenHash } from "../model/seen.ts"
import type { Signal } from "../model/signal.ts"
import type { Line, State } from "../model/state.ts"
import { readRequired, readWorkflows } from "./ci.ts"
import { readConfigFile, readExistence, readPlanFile } from "./files.ts"
import type { Findings } from "./findings.ts"
import { readHead } from "./head.ts"
import { readHistory, standingTags } from "./history.ts"
import { configFor, type LineFiles, NO_FILES, procedureOf } from "./line-config.ts"
import { type LineNeeds, readBack } from "./needs.ts"
import type { Reader } from "./reader.ts"
import { readVersionTags } from "./tags.ts"

export interface LineInput {
  readonly reader: Reader
  readonly findings: Findings
  readonly state: State | undefined
  readonly signals: readonly Signal[]
  readonly branch: string
  readonly needs: LineNeeds
  /** By the default branch's configuration; null: no release branch, or the default one, which has not said it yet. */
  readonly kind: LineKind | null
}

/** A line after this run's reading: what the releases on it are looked at with. */
export interface LineSeen extends LineFiles {
  readonly branch: string
  readonly ledger?: Ledger
  /** History was read back in this run. */
  readonly readBack: boolean
}

/** Reads what a line needs; what it learns goes to the findings. */
export async function readLine(input: LineInput): Promise<LineSeen> {
  const { reader, findings, branch } = input
  const line = own(input.state?.lines, branch)
  const mirror = mirrored(line, input.signals)
  const files: LineFiles = line ?? NO_FILES
  if (input.needs.history === "known") return readFiles(input, input.needs, files, mirror)

  const head = await readHead(reader, branch)
  if (head.is === "unknown") {
    findings.unknown(`history:${branch}`, head.because)
    return { ...files, branch, readBack: false, ...(mirror ? { ledger: mirror } : {}) }
  }
  if (input.needs.history === "if moved" && mirror && (await isUpToDate(input, files, mirror, head.value))) {
    findings.take("ledgers", branch, { is: "read", value: mirror })
    return readFiles(input, input.needs, files, mirror)
  }
  return readWhole(input, files, head.value, mirror)
}

/** The ledger as the signals of this run continue it. */
function mirrored(line: Line | undefined, signals: readonly Signal[]): Ledger | undefined {
  if (!line?.ledger) return undefined
  const { branch, ledger } = line
  const advances = signals.flatMap((s) => (s.kind === "moved" && s.branch === branch && !s.deleted ? [s.advance] : []))
  const extended = extend(ledger, advances)
  return extended.is === "extended" ? join(extended.ledger, pullsIn(signals, branch)) : undefined
}

const pullsIn = (signals: readonly Signal[], branch: string): readonly Pull[] =>
  signals.flatMap((s) => (s.kind === "merged" && s.base === branch ? [s.pull] : []))

/**
 * Whether the mirror stands where GitHub does. A `look` also asks the tags: one that a person made, moved or deleted may
 * move the base, or take a version. The tag of a release that is being published at this moment is ours, and is taken in
 * when its effect has ended.
 */
async function isUpToDate(input: LineInput, files: LineFiles, mirror: Ledger, head: string): Promise<boolean> {
  if (mirror.head !== head) return false
  if (!input.signals.some((signal) => signal.kind === "look")) return true
  const listed = await readVersionTags(input.reader, configFor(files).version.tag)
  if (listed.is === "unknown") return true
  const publishing =
    input.state?.releases.flatMap((r) => (r.phase.is === "cut" && r.phase.publishing ? [r.tag] : [])) ?? []
  const tags = standingTags(listed.value, releasedBy(input.state)).filter(({ tag }) => !publishing.includes(tag))
  const { base, commits } = mirror
  const stands = base === null || tags.some(({ tag, sha }) => tag === base.tag && sha === base.sha)
  return stands && sameTags(mirror.tags, knownTags(tags, { base, commits, kind: input.kind ?? STABLE }))
}

/** Everything, at the head: the configuration first, since it says how tags are named and whether this is a line. */
async function readWhole(
  input: LineInput,
  files: LineFiles,
  head: string,
  mirror: Ledger | undefined,
): Promise<LineSeen> {
  const { reader, findings, branch } = input
  const config = await readConfigFile(reader, head)
  findings.take("configs", branch, config)
  const now = config.is === "read" ? { ...files, config: config.value } : files
  const { version } = configFor(now)
  const { defaultBranch } = reader.repo
  const kind = branch === defaultBranch ? kindOf(configFor(now), branch, defaultBranch) : input.kind
  if (kind === null) return { ...now, branch, readBack: false }

  const known = [...(own(input.state?.lines, branch)?.ledger?.pulls ?? []), ...pullsIn(input.signals, branch)]
  const [history, rest] = await Promise.all([
    readHistory(reader, { branch, head, template: version.tag, known, kind, ...startOfKnown(input, configFor(now)) }),
    readFiles(input, { ...readBack, config: false }, now, mirror, head),
  ])
  const ledger = history.is === "read" ? withPushes(input, history.value) : mirror
  findings.take("ledgers", branch, history.is === "read" && ledger ? { is: "read", value: ledger } : history)
  return { ...rest, readBack: true, ...(ledger ? { ledger } : {}) }
}

/** Where the known history of the branch begins, and which releases were made by Slipway since. */
function startOfKnown({ state, branch, reader }: LineInput, config: Config) {
  const { defaultBranch } = reader.repo
  const former = branch === defaultBranch ? formerDefault(state, config, defaultBranch) : undefined
  const ledger = (own(state?.lines, branch) ?? former)?.ledger
  return { ...(ledger ? { start: startOf(ledger) } : {}), released: releasedBy(state) }
}

/** What Slipway published, as far as it still speaks of it: whatever becomes of the tag, the version is out. */
const releasedBy = (state: State | undefined): readonly Base[] =>
  (state?.releases ?? []).flatMap(({ tag, phase }) =>
    phase.is === "published" && phase.outside === undefined
      ? [{ tag, version: phase.candidate.version, sha: phase.candidate.sha }]
      : [],
  )

/** History does not say who pushed a commit, and when; where webhooks told it, it stays known. */
function withPushes({ state, signals, branch }: LineInput, ledger: Ledger): Ledger {
  const told = [
    ...(own(state?.lines, branch)?.ledger?.commits ?? []),
    ...signals.flatMap((s) => (s.kind === "moved" && s.branch === branch ? s.advance.commits : [])),
  ]
  // The first push of a commit brought it; a later one may have brought it back.
  const pushes = new Map(told.toReversed().flatMap(({ sha, push }) => (push ? [[sha, push] as const] : [])))
  const commits = ledger.commits.map((commit) => {
    const push = pushes.get(commit.sha)
    return push ? { ...commit, push } : commit
  })
  return { ...ledger, commits }
}

/** Files and rules at the head of the line. */
async function readFiles(
  input: LineInput,
  needed: LineNeeds,
  files: LineFiles,
  ledger: Ledger | undefined,
  at?: string,
): Promise<LineSeen> {
  const { reader, findings, branch } = input
  const sha = at ?? ledger?.head ?? branch
  const config = needed.config ? await readConfigFile(reader, sha) : undefined
  if (config) findings.take("configs", branch, config)
  const now = config?.is === "read" ? { ...files, config: config.value } : files
  const { path } = configFor(now).plan
  const [plan] = await Promise.all([
    needed.plan || path !== configFor(files).plan.path ? readPlanFile(reader, path, sha) : undefined,
    readCi(input, needed, sha),
  ])
  if (plan) findings.take("plans", branch, plan)
  const seen = plan?.is === "read" ? { ...now, plan: plan.value } : now
  const procedure = procedureOf(seen)
  const replanned = seenHash(seen.plan) !== seenHash(files.plan)
  if (procedure !== undefined && (needed.procedure || replanned))
    findings.take("files", `${sha}:${procedure}`, await readExistence(reader, procedure, sha))
  return { ...seen, branch, readBack: false, ...(ledger ? { ledger } : {}) }
}

/** Workflows are those of the last push that touched one; the rules can change without a push. */
async function readCi({ reader, findings, state, branch }: LineInput, needed: LineNeeds, sha: string): Promise<void> {
  const known: Ci | undefined = own(state?.lines, branch)?.ci
  if (!needed.workflows && !needed.rules) return
  const [workflows, required] = await Promise.all([
    needed.workflows || !known ? readWorkflows(reader, branch, sha) : { is: "read" as const, value: known.workflows },
    needed.rules || !known ? readRequired(reader, branch) : { is: "read" as const, value: known.required },
  ])
  if (workflows.is === "unknown") findings.take("ci", branch, workflows)
  else if (required.is === "unknown") findings.take("ci", branch, required)
  else findings.take("ci", branch, { is: "read", value: { workflows: workflows.value, required: required.value } })
}
