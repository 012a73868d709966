import { type Alerts, type AlertsFound, type AlertsRead, noAlerts } from "../../../src/model/alerts.ts"
import type { Authorship, Nameless, Standing } from "../../../src/model/approval.ts"
import type { Attestations } from "../../../src/model/attestation.ts"
import type { Brought, Reviews } from "../../../src/model/brought.ts"
import type { Commit, Person, Pull } from "../../../src/model/change.ts"
import { type Component, componentsOf, isWhole, pathsAsked } from "../../../src/model/component.ts"
import { type Config, configSchema, DEFAULT_CONFIG } from "../../../src/model/config.ts"
import type { Ci, Evidence } from "../../../src/model/evidence.ts"
import type { Learned } from "../../../src/model/facts.ts"
import type { OpenPulls } from "../../../src/model/freeze.ts"
import { hashOf } from "../../../src/model/hash.ts"
import type { IssueSigns, IssueState } from "../../../src/model/issue.ts"
import { isStable, knownTags } from "../../../src/model/known-tags.ts"
import type { Base, Ledger } from "../../../src/model/ledger.ts"
import { kindOf, STABLE } from "../../../src/model/line-kind.ts"
import type { OwnedPart } from "../../../src/model/owned.ts"
import { asAsked } from "../../../src/model/path-glob.ts"
import { type Plan, planSchema } from "../../../src/model/plan.ts"
import type { Probe, ProbeResult } from "../../../src/model/probe.ts"
import type { ProposedFiles } from "../../../src/model/proposal.ts"
import type { Repository } from "../../../src/model/repository.ts"
import type { Seen } from "../../../src/model/seen.ts"
import type { Deployed, Signal } from "../../../src/model/signal.ts"
import { versionOfTag } from "../../../src/model/tag.ts"
import type { Workspace } from "../../../src/model/workspace.ts"
import { dividedLedger } from "./divided-ledger.ts"

export const REPO: Repository = {
  id: "7",
  owner: "acme",
  name: "shop",
  defaultBranch: "main",
  private: false,
  installation: "1",
}

/** Forty hex digits that begin with a number. */
export const sha = (n: number): string => n.toString(16).padStart(4, "0").repeat(10)

export const person = (login: string, type: Person["type"] = "User"): Person => ({ login, id: `id-${login}`, type })

export const config = (written: object = {}): Config => configSchema.parse(written)

/** A plan with everything that its gates ask for; `changes` replaces whole sections. */
export const plan = (changes: object = {}): Plan =>
  planSchema.parse({
    release: {},
    testing: { unit_tests: "passed", required: ["unit_tests"] },
    rollback_plan: { procedure: "docs/rollback.md" },
    ...changes,
  })

const PROBLEM = {
  line: 3,
  column: 1,
  endLine: 3,
  path: "",
  message: "unknown key `aprovals`; did you mean `approvals`?",
}

export function seen<T>(path: string, value: T | "broken" | undefined): Seen<T> {
  if (value === undefined) return { is: "absent" }
  if (value === "broken") return { is: "invalid", path, blob: "b0", problems: [{ ...PROBLEM, file: path }] }
  return { is: "valid", path, blob: hashOf(value).slice(0, 8), value }
}

export const report = (name: string, more: Partial<Evidence> = {}): Evidence => ({
  kind: "check",
  name,
  app: "github-actions",
  id: "100",
  state: "passed",
  word: "success",
  at: "2026-11-02T09:00:00.000Z",
  ...more,
})

/** Nothing was found, and everything was looked at; `more` says otherwise. */
export const alertsRead = (by: string, more: Partial<AlertsFound> = {}): AlertsRead => ({
  is: "read",
  by,
  open: noAlerts,
  fixedSince: noAlerts,
  dismissed: noAlerts,
  more: false,
  ...more,
})

const wroteIt = (logins: readonly string[]) => ({ logins, ids: logins.map((login) => person(login).id) })

const nameless = (at: string, names: readonly string[]): readonly Nameless[] =>
  names.map((name) => ({ sha: at, name, because: "account" }))

interface Landed {
  readonly author?: string
  /** How the pull request was merged. */
  readonly by?: "squash" | "merge" | "rebase"
  /** Subjects of the branch's commits. */
  readonly commits?: readonly string[]
  readonly authors?: readonly string[]
  readonly unknown?: readonly string[]
  readonly files?: readonly string[]
  readonly at?: string
  readonly type?: Person["type"]
  /** When GitHub took it in, where that is not what the commit says. */
  readonly pushed?: string
  /** The branch of Slipway's own that it was merged from. */
  readonly from?: string
  /** Lines that it changes. */
  readonly lines?: number
  /** What it does to a database. */
  readonly statements?: Brought["statements"]
}

const broughtBy = (from: string, to: string, { files = [], lines = 10, statements = [] }: Landed): Brought => ({
  from,
  to,
  paths: files.length > 0 ? files : ["src/shop.ts"],
  lines,
  statements,
  unshown: [],
})

/** What is so at GitHub, whether Slipway knows it or not: one repository with one branch. */
export class Truth {
  readonly commits: Commit[] = []
  readonly pulls: Pull[] = []
  readonly tags = new Map<string, { sha: string; version: string; ours?: boolean }>()
  readonly checks = new Map<string, readonly Evidence[]>()
  /** Attempts that a later one replaced, by commit. */
  readonly attempts = new Map<string, readonly Evidence[]>()
  /** GitHub's newest word on each deployment, by its id. */
  readonly statuses = new Map<string, string>()
  /** What GitHub shows of an environment that is asked for, oldest first. */
  readonly newest = new Map<string, readonly Deployed[]>()
  /** What the metrics server says to a query at an instant: a number, or why there is none. */
  metrics: (query: string, at: Date) => number | string = () => "no data: the query gives nothing"
  readonly authorship: { [change: string]: Authorship } = {}
  /** By change: what it brought, and what people said of its pull request. */
  readonly brought: { [change: string]: Brought } = {}
  readonly reviews: { [change: string]: Reviews } = {}
  /** By change: who owns what it touches. */
  readonly owners: { [change: string]: readonly OwnedPart[] } = {}
  /** Teams that are named and are none, as GitHub says itself. */
  readonly goneTeams: string[] = []
  /** Logins that rules name and that have left the organisation. */
  readonly left: string[] = []
  readonly standings: { [login: string]: Standing } = {}
  /** By digest: what vouches for an artifact. */
  readonly attestations: { [digest: string]: Omit<Attestations, "readAt"> } = {}
  readonly issues: { [ref: string]: IssueState } = {}
  readonly issueSigns: { [ref: string]: IssueSigns } = {}
  readonly files = new Set<string>(["docs/rollback.md"])
  ci: Ci = { workflows: [], required: [] }
  /** By SHA: the workflows of commits whose workflows are not those of the branch now. */
  readonly workflows = new Map<string, readonly string[]>()
  config: Config | "broken" | undefined
  /** What the files say that the configuration extends. */
  organisations: NonNullable<Learned["organisations"]> = {}
  plan: Plan | "broken" | undefined
  /** The files of `release-plans/`, by name. */
  readonly plans: { [name: string]: Plan | "broken" } = {}
  /** The packages of the branch, where the configuration asks for them. */
  workspace: Workspace | undefined
  /** By commit: what GitHub found in it. */
  readonly alerts: { [sha: string]: Omit<Alerts, "at"> } = {}
  /** What comes of an HTTP probe. */
  answer: (probe: Probe) => ProbeResult = ({ url }) => ({ is: "passed", because: `${url} answered 200 in 7 ms` })
  openPulls: OpenPulls = { pulls: [], more: false }
  /** By number: what open pull requests make of configuration and plan. */
  readonly proposals: { [pull: string]: ProposedFiles } = {}
  head = sha(1)
  #count = 1

  constructor() {
    this.tags.set("v1.0.0", { sha: sha(1), version: "1.0.0" })
    for (const login of ["ann", "ben", "cleo"]) this.admit(login, "write")
    this.admit("rosa", "read")
    this.admit("robo[bot]", "write", { type: "Bot" })
  }

  admit(
    login: string,
    permission: Standing["permission"],
    { teams = [], type = "User" }: { teams?: readonly string[]; type?: Person["type"] } = {},
  ): void {
    this.standings[login] = {
      person: person(login, type),
      permission,
      teams: Object.fromEntries(["acme/sre", "acme/release"].map((team) => [team, teams.includes(team)])),
      belongs: "member",
      at: "2026-11-02T09:00:00.000Z",
    }
  }

  /** A push of one commit straight to the branch. */
  push(message: string, { author = "ann", files = [], at, pushed, unknown = [] }: Landed = {}): Signal[] {
    const written = this.#commit(message, author, at)
    const by = { login: author, id: person(author).id }
    this.brought[written.sha] = broughtBy(this.head, written.sha, { files })
    const commit = pushed === undefined ? written : { ...written, push: { by, at: pushed } }
    this.authorship[commit.sha] = { ...wroteIt([author]), unknown: nameless(commit.sha, unknown) }
    return [this.#land([commit], files)]
  }

  /** A pull request that is merged: its push, and the event that says so. */
  merge(number: number, title: string, landed: Landed = {}): Signal[] {
    const {
      author = "ann",
      by = "squash",
      commits = [title],
      authors = [author],
      at = "2026-11-02T08:00:00.000Z",
    } = landed
    const own = commits.map((message, at) => this.#commit(message, authors[at] ?? author, landed.at))
    const merged =
      by === "squash"
        ? [{ ...this.#commit(`${title} (#${number})`, author, landed.at), committer: "web-flow" }]
        : by === "merge"
          ? [
              ...own,
              {
                ...this.#commit(`Merge pull request #${number} from acme/x`, "cleo", landed.at),
                committer: "web-flow",
              },
            ]
          : own
    const from = this.head
    const moved = this.#land(merged, landed.files ?? [])
    this.brought[`#${number}`] = broughtBy(from, this.head, landed)
    this.reviews[`#${number}`] ??= { approved: [], refused: [] }
    const pull: Pull = {
      number,
      title,
      labels: [],
      author: person(author, landed.type),
      mergeSha: this.head,
      commits: commits.length,
      headSha: own.at(-1)?.sha ?? "",
      mergedAt: at,
      ...(landed.from === undefined ? {} : { from: landed.from }),
    }
    this.pulls.push(pull)
    this.authorship[`#${number}`] = {
      ...wroteIt([...new Set([author, ...authors])]),
      unknown: nameless(this.head, landed.unknown ?? []),
      asShown: true,
    }
    return [moved, { kind: "merged", base: "main", pull }]
  }

  /** People's latest word on a pull request, which may be merged later. */
  review(number: number, approved: readonly string[], refused: readonly string[] = []): void {
    const who = (login: string) => this.standings[login]?.person ?? person(login)
    this.reviews[`#${number}`] = { approved: approved.map(who), refused: refused.map(who) }
  }

  /** The branch is set back to a commit that it had. */
  reset(to: string): Signal {
    const before = this.head
    const at = this.commits.findIndex((c) => c.sha === to)
    this.commits.splice(at + 1)
    this.head = to
    return {
      kind: "moved",
      branch: "main",
      advance: { before, after: to, forced: true, complete: true, commits: [] },
      files: null,
      deleted: false,
    }
  }

  /** By the configuration that stands on the branch, or the one in force where that is broken. */
  rules(inForce: Config = DEFAULT_CONFIG): Config {
    return this.config === "broken" ? inForce : (this.config ?? DEFAULT_CONFIG)
  }

  components(rules: Config = this.rules()): readonly Component[] {
    return componentsOf(rules, this.workspace)
  }

  /** What a read-back finds. */
  ledger(rules: Config = this.rules()): Ledger {
    const components = this.components(rules)
    if (!isWhole(components)) return dividedLedger(this, rules)
    const asked = pathsAsked(rules, components)
    const tags = [...this.tags].flatMap(([tag, it]) => {
      const version = versionOfTag(tag, rules.version.tag)
      return version === null ? [] : [{ tag, ...it, version }]
    })
    const on = (at: string) => at === sha(1) || this.commits.some((c) => c.sha === at)
    const newest = tags.filter((tag) => on(tag.sha) && isStable(tag.version)).at(-1)
    const base: Base | null = newest ? { tag: newest.tag, version: newest.version, sha: newest.sha } : null
    const after = this.commits.findIndex((commit) => commit.sha === base?.sha) + 1
    const commits = this.commits.slice(after).map(({ files, ...commit }) => ({
      ...commit,
      ...(files && asked.length > 0 ? { files: asAsked(files, asked) } : {}),
    }))
    const landed = new Set(commits.map((c) => c.sha))
    return {
      branch: "main",
      base,
      ...(asked.length > 0 ? { paths: asked } : {}),
      head: this.head,
      commits,
      pulls: this.pulls.filter((p) => landed.has(p.mergeSha)),
      heads: [],
      tags: knownTags(tags, { base, commits, kind: kindOf(rules, "main", "main") ?? STABLE }),
    }
  }

  #commit(message: string, author: string, at = "2026-11-02T08:00:00.000Z"): Commit {
    this.#count += 1
    const own = sha(this.#count)
    return { sha: own, message, author, authorName: author, committer: author, committerName: author, at, landing: own }
  }

  #land(commits: readonly Commit[], files: readonly string[]): Signal {
    const before = this.head
    const after = commits.at(-1)?.sha ?? before
    const landed = commits.map((commit) => ({ ...commit, landing: after, files }))
    this.commits.push(...landed)
    this.head = after
    return {
      kind: "moved",
      branch: "main",
      advance: { before, after, forced: false, complete: true, commits: landed },
      files,
      deleted: false,
    }
  }
}
