import { DEFAULT_CONFIG } from "../../model/config.ts"
import { type EntryRules, rulingOf } from "../../model/entry-rules.ts"
import type { EntryGateName, Gate } from "../../model/gate.ts"
import { hashOf } from "../../model/hash.ts"
import { own } from "../../model/own.ts"
import type { ProtectionRequest } from "../../model/protection.ts"
import type { Phase, Release } from "../../model/release.ts"
import type { Line, State } from "../../model/state.ts"
import { configOf } from "../plan-of.ts"
import type { Run } from "../run.ts"

/** A release that is out. */
export type Out = Release & { readonly phase: Extract<Phase, { is: "published" }> }

/** What the gates of an environment look at: one release that asks to enter it. */
export interface Entry {
  readonly run: Run
  readonly state: State
  readonly request: ProtectionRequest
  readonly release: Out
  readonly rules: EntryRules
  /** The identity of what is approved: see `entryHash`. */
  readonly hash: string
  /** ISO 8601 */
  readonly at: string
}

/** A gate of an environment, judged. */
export interface Judged {
  readonly gate: Gate & { readonly name: EntryGateName }
  /** ISO 8601: when it changes by itself. */
  readonly until?: string
  /** It waits for nothing but for being read. */
  readonly unread?: true
  /** Reading GitHub once more does not change it. */
  readonly stays?: true
}

/**
 * The gates of an environment that a release has to pass: those that were approved last and, where the branch's file says
 * others now, those as well. What lowers a gate counts once a release with it was approved; what adds one, at once. Of a
 * hotfix branch it is the default branch's file, see `rulingOf`; none: nothing is known of it.
 */
export function rulesFor(
  { state, repo }: Pick<Run, "state" | "repo">,
  line: Line,
  environment: string,
): readonly EntryRules[] {
  const ruling = rulingOf(state, line, repo.defaultBranch)
  if (!ruling) return []
  const inForce = ruling.rulesIn(ruling.line.inForce.config?.value ?? DEFAULT_CONFIG, environment)
  const now = ruling.rulesIn(configOf(ruling.line), environment)
  // guard: environment-in-force
  return hashOfRules(inForce) === hashOfRules(now) ? [now] : [inForce, now]
}

/** Each of many deployments that wait asks for it: the same rules have the same hash. */
const hashes = new WeakMap<EntryRules, string>()
function hashOfRules(rules: EntryRules): string {
  const known = hashes.get(rules)
  if (known !== undefined) return known
  const hash = hashOf(rules)
  hashes.set(rules, hash)
  return hash
}

/** The branch by whose configuration an entry is judged. */
export function rulingLine({ run, state, release }: Pick<Entry, "run" | "state" | "release">): Line | undefined {
  const line = own(state.lines, release.branch)
  return line && rulingOf(state, line, run.repo.defaultBranch)?.line
}

const HASH_LENGTH = 24

/**
 * What a click on the page of an environment is bound to: the commit, the environment, its gates, and one entry: the oldest
 * deployment that waits there, or, while none does, the next one. An approval lets in that entry and no later one.
 */
export const entryHash = (lead: ProtectionRequest, rules: readonly EntryRules[]): string => {
  const entry = lead.standing === undefined ? [lead.run, lead.deployment] : ["standing", lead.standing]
  const of = [lead.environment.toLowerCase(), lead.sha, ...entry, rules.map(hashOfRules)]
  return hashOf(of).slice(0, HASH_LENGTH)
}

/** In the `external_id` of the check run while a deployment waits. */
export const entryId = (hash: string): string => `slipway:entry:${hash}`

export const hashInEntryId = (id: string): string | undefined => /^slipway:entry:(\w+)(?::lock:\w+)?$/.exec(id)?.[1]
