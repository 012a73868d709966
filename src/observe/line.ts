import { withBroughtPulls } from "../model/brought-pulls.ts"
import type { Pull } from "../model/change.ts"
import { type Component, componentsOf, isWhole, pathsAsked } from "../model/component.ts"
import type { Config } from "../model/config.ts"
import type { Ci } from "../model/evidence.ts"
import { formerDefault } from "../model/former-default.ts"
import { hashOf } from "../model/hash.ts"
import { knownTags, sameTags } from "../model/known-tags.ts"
import { type Base, extend, join, type Ledger, type Start, startOf } from "../model/ledger.ts"
import { kindOf, type LineKind, STABLE } from "../model/line-kind.ts"
import { own } from "../model/own.ts"
import { asAsked } from "../model/path-glob.ts"
import { type Seen, seenHash } from "../model/seen.ts"
import type { Moved, Signal } from "../model/signal.ts"
import type { Line, State } from "../model/state.ts"
import { versionOfTag } from "../model/tag.ts"
import { workspaceProblem } from "../model/workspace-problem.ts"
import { readRequired, readWorkflows } from "./ci.ts"
import { withFiles } from "./commit-files.ts"
import { readComponentHistory } from "./component-history.ts"
import { readConfigFile, readExistence, readGitHubNotesFile, readPlanFile } from "./files.ts"
import type { Findings } from "./findings.ts"
import { readHead } from "./head.ts"
import { readHistory, standingTags } from "./history.ts"
import { configFor, filesNamed, type LineFiles, NO_FILES } from "./line-config.ts"
import { type LineNeeds, readBack } from "./line-needs.ts"
import type { Organisations } from "./organisation.ts"
import { readPlanFolder } from "./plan-folder.ts"
import type { Read, Reader } from "./reader.ts"
import { unknown } from "./reader.ts"
import { readTags, versionTags } from "./tags.ts"
import { manifestsTouched, readWorkspace } from "./workspace.ts"

export interface LineInput {
  readonly reader: Reader
  readonly findings: Findings
  readonly state: State | undefined
  readonly signals: readonly Signal[]
  readonly organisations: Organisations
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
  const mirror = mirrored(input.state, line, input.signals)
  const files: LineFiles = line ?? NO_FILES
  if (input.needs.history === "known") {
    const seen = await readFiles(input, input.needs, files, mirror)
    return !mirror || isDivided(seen, mirror) ? seen : readWhole(input, seen, mirror.head, mirror)
  }

  const head = await readHead(reader, branch)
  if (head.is === "unknown") {
    findings.unknown(`history:${branch}`, head.because)
    return { ...files, branch, readBack: false, ...(mirror ? { ledger: mirror } : {}) }
  }
  if (input.needs.history === "if moved" && mirror && (await isUpToDate(input, files, mirror, head.value))) {
    const seen = await readFiles(input, input.needs, files, mirror)
    if (isDivided(seen, mirror)) {
      findings.take("ledgers", branch, { is: "read", value: mirror })
      return seen
    }
    return readWhole(input, seen, head.value, mirror)
  }
  return readWhole(input, files, head.value, mirror)
}

/** The ledger as the signals of this run continue it. */
function mirrored(state: State | undefined, line: Line | undefined, signals: readonly Signal[]): Ledger | undefined {
  if (!line?.ledger) return undefined
  const { branch, ledger } = line
  const advances = signals.flatMap((s) => (s.kind === "moved" && s.branch === branch && !s.deleted ? [s.advance] : []))
  const extended = extend(ledger, advances)
  if (extended.is === "gap") return undefined
  return withBroughtPulls(join(extended.ledger, pullsIn(signals, branch)), state)
}

const pullsIn = (signals: readonly Signal[], branch: string): readonly Pull[] =>
  signals.flatMap((s) => (s.kind === "merged" && s.base === branch ? [s.pull] : []))

/**
 * Whether the mirror stands where GitHub does. A `look` also asks the tags, and so does what fixes a version, an approval
 * or a release that goes by itself: a tag that a person made, moved or deleted may move the base, or take a version, and
 * its webhook may be lost. The tag of a release that is being published at this moment is ours, and is taken in when its
 * effect has ended.
 */
async function isUpToDate(input: LineInput, files: LineFiles, mirror: Ledger, head: string): Promise<boolean> {
  if (mirror.head !== head) return false
  if (!input.signals.some(asksTags) && !goesByItself(input)) return true
  const listed = await readTags(input.reader)
  if (listed.is === "unknown") return true
  const publishing =
    input.state?.releases.flatMap((r) => (r.phase.is === "cut" && r.phase.publishing ? [r.tag] : [])) ?? []
  const others = listed.value.filter(({ tag }) => !publishing.includes(tag))
  return componentsOf(configFor(files), files.workspace).every((component) => {
    const start = startFor(mirror, component.name)
    const released = releasedBy(input.state).filter((one) => isTagOf(component, one))
    const tags = standingTags(versionTags(others, component.tag), released)
    const stands =
      start?.base === null || tags.some(({ tag, sha }) => tag === start?.base?.tag && sha === start.base.sha)
    const known = { base: start?.base ?? null, commits: mirror.commits, kind: input.kind ?? STABLE }
    return stands && sameTags(start?.tags, knownTags(tags, known))
  })
}

const asksTags = (signal: Signal): boolean =>
  signal.kind === "look" || (signal.kind === "clicked" && signal.button === "approve")

/** What is about to be cut without a button fixes its version as well. */
const goesByItself = ({ state, branch }: LineInput): boolean =>
  state?.releases.some((r) => r.branch === branch && r.phase.is === "drafted" && r.unattended?.is === "asked") ?? false

const startFor = (ledger: Ledger, component: string): Start | undefined =>
  component === "" ? ledger : own(ledger.starts, component)

/** Whether the ledger begins where each component does, and its commits say all that is asked of their paths. */
function isDivided(files: LineFiles, ledger: Ledger): boolean {
  const config = configFor(files)
  const components = componentsOf(config, files.workspace)
  const names = isWhole(components) ? [] : components.map(({ name }) => name)
  const asked = pathsAsked(config, components)
  return (
    hashOf(Object.keys(ledger.starts ?? {}).sort()) === hashOf([...names].sort()) &&
    hashOf(ledger.paths ?? []) === hashOf(asked)
  )
}

/** Everything, at the head: the configuration first, since it says how tags are named and whether this is a line. */
async function readWhole(
  input: LineInput,
  files: LineFiles,
  head: string,
  mirror: Ledger | undefined,
): Promise<LineSeen> {
  const { reader, findings, branch } = input
  const config = await readOwnConfig(input, files, head)
  const read = config.is === "read" ? { ...files, config: config.value } : files
  const { defaultBranch } = reader.repo
  const kind = branch === defaultBranch ? kindOf(configFor(read), branch, defaultBranch) : input.kind
  if (kind === null) return { ...read, branch, readBack: false }
  const now = await withWorkspace(input, read, head, null)
  if (!now) return { ...read, branch, readBack: true, ...(mirror ? { ledger: mirror } : {}) }

  const known = [...(own(input.state?.lines, branch)?.ledger?.pulls ?? []), ...pullsIn(input.signals, branch)]
  const [history, rest] = await Promise.all([
    readDivided(input, now, { branch, head, known, kind }),
    readFiles(input, { ...readBack, config: false, workspace: false }, now, mirror, head),
  ])
  const ledger = history.is === "read" ? history.value : mirror
  findings.take("ledgers", branch, history.is === "read" && ledger ? { is: "read", value: ledger } : history)
  return { ...rest, readBack: true, ...(ledger ? { ledger } : {}) }
}

/** The branch's history from where its releases begin, with the paths that the configuration asks for. */
async function readDivided(
  input: LineInput,
  files: LineFiles,
  wanted: { branch: string; head: string; known: readonly Pull[]; kind: LineKind },
): Promise<Read<Ledger>> {
  const { reader, state, branch } = input
  const config = configFor(files)
  const components = componentsOf(config, files.workspace)
  const { defaultBranch } = reader.repo
  const former = branch === defaultBranch ? formerDefault(state, config, defaultBranch) : undefined
  const before = (own(state?.lines, branch) ?? former)?.ledger
  const released = releasedBy(state)
  const history = isWhole(components)
    ? await readHistory(reader, { ...wanted, template: config.version.tag, released, ...knownStart(before) })
    : await readComponentHistory(reader, { ...wanted, components, before, released })
  if (history.is === "unknown") return history
  const asked = pathsAsked(config, components)
  const told = withBroughtPulls(withTold(input, history.value, asked), state)
  if (asked.length === 0) return { is: "read", value: told }
  const commits = await withFiles(reader, wanted.head, told.commits, asked)
  return commits.is === "unknown" ? commits : { is: "read", value: { ...told, commits: commits.value, paths: asked } }
}

/** Where the known history of the branch begins. A ledger of several components begins nowhere as a whole. */
const knownStart = (ledger: Ledger | undefined): { readonly start?: Base | null } =>
  ledger && !ledger.starts ? { start: startOf(ledger) } : {}

/** The packages of the workspace, where the configuration asks for them; undefined: they could not be read. */
async function withWorkspace(
  { reader, findings, branch }: LineInput,
  files: LineFiles,
  sha: string,
  touched: readonly string[] | null,
): Promise<LineFiles | undefined> {
  if (!configFor(files).workspaces) return files
  const workspace = await readWorkspace(reader, sha, files.workspace, touched)
  const problem = workspace.is === "unknown" ? workspace.because : workspaceProblem(configFor(files), workspace.value)
  const sound = problem === null ? workspace : unknown(problem)
  findings.take("workspaces", branch, sound)
  if (sound.is === "read") return { ...files, workspace: sound.value }
  findings.forget("ledgers", branch, sound.because)
  return undefined
}

const isTagOf = ({ tag }: Component, base: Base): boolean => versionOfTag(base.tag, tag) !== null

/** What Slipway published, as far as it still speaks of it: whatever becomes of the tag, the version is out. */
const releasedBy = (state: State | undefined): readonly Base[] =>
  (state?.releases ?? []).flatMap(({ tag, phase }) =>
    phase.is === "published" && phase.outside === undefined
      ? [{ tag, version: phase.candidate.version, sha: phase.candidate.sha }]
      : [],
  )

/** History does not say who pushed a commit, when, and what it touched; where webhooks told it, it stays known. */
function withTold({ state, signals, branch }: LineInput, ledger: Ledger, asked: readonly string[]): Ledger {
  const before = own(state?.lines, branch)?.ledger
  const told = [
    ...(before?.commits ?? []),
    ...signals.flatMap((s) => (s.kind === "moved" && s.branch === branch ? s.advance.commits : [])),
  ]
  // The first push of a commit brought it; a later one may have brought it back.
  const pushes = new Map(told.toReversed().flatMap(({ sha, push }) => (push ? [[sha, push] as const] : [])))
  // What was kept of the paths answers the questions of then.
  const isAnswered = asked.every((pattern) => before?.paths?.includes(pattern))
  const listed = asked.length === 0 ? [] : isAnswered ? told : told.slice(before?.commits.length ?? 0)
  const files = new Map(listed.flatMap((one) => (one.files ? [[one.sha, asAsked(one.files, asked)] as const] : [])))
  const commits = ledger.commits.map((commit) => {
    const [push, touched] = [pushes.get(commit.sha), files.get(commit.sha)]
    return { ...commit, ...(push ? { push } : {}), ...(touched ? { files: touched } : {}) }
  })
  return { ...ledger, commits }
}

/** What was in force goes on stopping releases, though the branch extends it no more: that is a change of its gates. */
async function readOwnConfig(
  { reader, findings, organisations, branch }: LineInput,
  { inForce }: LineFiles,
  sha: string,
): Promise<Read<Seen<Config>>> {
  const config = await readConfigFile(reader, sha, organisations)
  findings.take("configs", branch, config)
  const before = inForce.config?.value.extends
  if (before !== undefined) await organisations.read(before)
  return config
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
  const config = needed.config ? await readOwnConfig(input, files, sha) : undefined
  const read = config?.is === "read" ? { ...files, config: config.value } : files
  const needsPackages = needed.workspace || (configFor(read).workspaces && !read.workspace)
  const packed = needsPackages ? await withWorkspace(input, read, sha, touchedManifests(input)) : read
  const now = packed ?? read
  // New names and tags may be those of packages that were read long ago.
  const problem = config && packed ? workspaceProblem(configFor(now), now.workspace) : null
  if (problem !== null) findings.forget("ledgers", branch, problem)
  const { path } = configFor(now).plan
  const [plan, plans] = await Promise.all([
    needed.plan || path !== configFor(files).plan.path ? readPlanFile(reader, path, sha) : undefined,
    needed.plans ? readPlanFolder(reader, sha, { known: files.plans, except: path }) : undefined,
    readCi(input, needed, sha),
  ])
  if (plan) findings.take("plans", branch, plan)
  if (plans) findings.take("planFolders", branch, plans)
  // A push that touches it while there is a slipway.yml costs nothing: it decides only where there is none.
  if (needed.githubNotes && now.config.is === "absent")
    findings.take("githubNotes", branch, await readGitHubNotesFile(reader, sha))
  const seen = {
    ...now,
    ...(plan?.is === "read" ? { plan: plan.value } : {}),
    ...(plans?.is === "read" ? { plans: plans.value } : {}),
  }
  const hashes = (line: LineFiles) => hashOf([line.plan, ...(line.plans ?? [])].map(seenHash))
  const asked = needed.procedure || hashes(seen) !== hashes(files) ? filesNamed({ ...seen, ...withLedger(ledger) }) : []
  await Promise.all(
    asked.map(async (path) => findings.take("files", `${sha}:${path}`, await readExistence(reader, path, sha))),
  )
  return { ...seen, branch, readBack: false, ...withLedger(ledger) }
}

const withLedger = (ledger: Ledger | undefined) => (ledger ? { ledger } : {})

/** A look asks for all of them: what made somebody look is not known. */
const touchedManifests = ({ signals, branch, needs }: LineInput): readonly string[] | null =>
  needs.history === "known" && !signals.some((signal) => signal.kind === "look")
    ? manifestsTouched(signals.filter((s): s is Moved => s.kind === "moved" && s.branch === branch))
    : null

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
