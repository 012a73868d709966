import type { Learned, Unknown } from "../model/facts.ts"
import type { Read } from "./reader.ts"

/** What one run has read so far. */
export interface Findings {
  /** Keeps a reading; what could not be read is kept as unknown, with its reason. */
  take<Kind extends Keyed>(kind: Kind, key: string, reading: Read<Value<Kind>>): void
  /** A reading that turned out to be worth nothing, since something else could not be read. */
  forget(kind: Keyed, key: string, because: string): void
  /** Keeps a reading that is one of its kind, or a part of one. */
  add(learned: Pick<Learned, Single>): void
  unknown(what: string, because: string): void
  facts(): { readonly learned: Learned; readonly unknown: readonly Unknown[] }
}

type Single = "approvers" | "drafts" | "neighbours" | "protection" | "hotfixes" | "probes" | "alerts"
type Keyed = Exclude<keyof Learned, Single>
type Value<Kind extends Keyed> = NonNullable<Learned[Kind]>[string]

/** The first word of an unknown, by the kind of fact: see `Unknown`. */
const WORDS: { readonly [Kind in Keyed]: string } = {
  ledgers: "history",
  configs: "config",
  organisations: "organisation",
  githubNotes: "github-notes",
  plans: "plan",
  planFolders: "plans",
  workspaces: "workspace",
  ci: "ci",
  evidence: "checks",
  attempts: "attempts",
  statuses: "status",
  metrics: "metric",
  workflows: "workflows",
  authorship: "authors",
  brought: "brought",
  reviews: "reviews",
  owners: "owners",
  standings: "standing",
  issues: "issue",
  issueSigns: "issue",
  files: "file",
  trees: "tree",
  versions: "manifest",
  tags: "tag",
  deployments: "deployment",
  newest: "newest",
  assets: "assets",
  attestations: "attestations",
  openPulls: "pulls",
  proposals: "proposal",
  postMortems: "post-mortem",
}

export function createFindings(): Findings {
  const learned: { [kind: string]: { [key: string]: unknown } } = {}
  const single: Pick<Learned, Single> = {}
  const unknown = new Map<string, Unknown>()
  const findings: Findings = {
    take(kind, key, reading) {
      if (reading.is === "unknown") findings.unknown(`${WORDS[kind]}:${key}`, reading.because)
      else learned[kind] = { ...learned[kind], [key]: reading.value }
    },
    forget(kind, key, because) {
      delete learned[kind]?.[key]
      findings.unknown(`${WORDS[kind]}:${key}`, because)
    },
    add: (more) => void Object.assign(single, more),
    unknown: (what, because) => void unknown.set(what, { what, because }),
    facts: () => ({ learned: { ...learned, ...single }, unknown: [...unknown.values()] }),
  }
  return findings
}
