import type { AuditRecord } from "../../model/audit-chain.ts"
import type { Json } from "../../model/json.ts"
import { type PublishingEvidence, publishingEvidence } from "../../model/release-evidence.ts"

/** All that the audit trail says of one release. */
export interface Story {
  readonly repository: string
  readonly version: string
  readonly tag: string
  readonly sha: string
  /** Absent: it is not out. */
  readonly published?: { readonly at: string; readonly by: string }
  /** What it went out on; absent where nothing was recorded. */
  readonly evidence?: PublishingEvidence
  /** Where the trail stood, as the file on the release says. */
  readonly head?: Head
  /** In the order in which things were decided. */
  readonly records: readonly AuditRecord[]
  /** What an auditor would ask for and not find. Empty: the evidence is complete. */
  readonly missing: readonly string[]
}

interface Head {
  readonly file: string
  readonly sequence?: number
  readonly hash?: string
}

/** A release by what it is called: GitHub's tag, or a version that one component has. */
export interface Named {
  readonly release: string
  readonly tag: string
}

/** Takes in records and finds the releases of a version or tag among them; a later one of the same tag replaces it. */
export function releasesNamed(name: string): { see(record: AuditRecord): void; found(): readonly Named[] } {
  const byTag = new Map<string, Named>()
  return {
    see({ entry: { what, release, facts } }) {
      const tag = textOf(facts.tag)
      if (release === undefined || tag === undefined || !NAMING.includes(what)) return
      if (tag === name || facts.version === name) byTag.set(tag, { release, tag })
    },
    found: () => [...byTag.values()],
  }
}

/** Records that say version and tag of the release that they are of, as it came out or was to. */
const NAMING: readonly string[] = ["cut", "publishing", "published", "published outside Slipway"]

const textOf = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined)

/**
 * @param records those of the release, in their order
 * @param chain what is wrong with the trail as a whole
 */
export function storyOf(
  { repository, name }: { readonly repository: string; readonly name: Named },
  records: readonly AuditRecord[],
  chain: readonly string[],
): Story {
  const last = (what: string) => records.findLast(({ entry }) => entry.what === what)
  const out = last("published")
  const round = last("published outside Slipway")
  const asked = last("publishing")
  const cut = last("cut")
  const read = publishingEvidence.safeParse(asked?.entry.facts)
  const evidence = read.success ? read.data : undefined
  const facts = (out ?? round ?? asked ?? cut)?.entry.facts ?? {}
  const head = headIn(out?.entry.facts.head)
  const published = out ?? round
  return {
    repository,
    version: textOf(facts.version) ?? evidence?.version ?? name.tag,
    tag: name.tag,
    sha: textOf(facts.sha) ?? "",
    ...(published
      ? {
          published: {
            at: textOf(facts.at) ?? published.at,
            by: published.entry.by ?? textOf(facts.by) ?? "somebody outside Slipway",
          },
        }
      : {}),
    ...(evidence ? { evidence } : {}),
    ...(head ? { head } : {}),
    records,
    missing: [
      ...chain,
      ...(cut ? [] : ["when, at which commit and by whom it was cut"]),
      ...(round && !out ? ["it was published outside Slipway: no gate was asked"] : []),
      ...(published ? [] : ["that it was published"]),
      ...(out || !round ? gaps(evidence) : []),
      ...(out ? mismatches(evidence, facts.sha, head) : []),
    ],
  }
}

function headIn(value: Json | undefined): Head | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined
  const { file, sequence, hash } = value
  if (typeof file !== "string") return undefined
  return {
    file,
    ...(typeof sequence === "number" ? { sequence } : {}),
    ...(typeof hash === "string" ? { hash } : {}),
  }
}

/** Gates that every release has. */
const ALWAYS = ["configuration", "checks", "approvals"]

/** What has to be in the evidence of every release and is not. */
function gaps(evidence: PublishingEvidence | undefined): readonly string[] {
  if (!evidence) return ["what every gate said, who approved, and which checks had passed"]
  const { gates, changes } = evidence
  const covered = gates.find(({ name }) => name === "approvals")
  return [
    ...ALWAYS.filter((name) => !gates.some((gate) => gate.name === name)).map((name) => `the gate ${name}`),
    ...gates
      .filter(({ state }) => state !== "passed")
      .map(({ name, state }) => `the gate ${name} passing: it was ${state}`),
    ...(changes.length === 0 ? ["which changes are in it"] : []),
    ...changes.filter(({ wrote }) => wrote.length === 0).map(({ id }) => `who wrote ${nameOf(id)}`),
    ...(evidence.required > 0 && covered
      ? changes
          .filter(({ coveredBy }) => coveredBy.length === 0)
          .map(({ id }) => `an approval of ${nameOf(id)} by somebody who did not write it`)
      : []),
  ]
}

function mismatches(
  evidence: PublishingEvidence | undefined,
  sha: Json | undefined,
  head: Head | undefined,
): readonly string[] {
  if (!evidence) return []
  return [
    ...(evidence.sha === sha ? [] : [`that what was approved, ${evidence.sha}, is what came out, ${String(sha)}`]),
    ...(evidence.audit && !head ? ["slipway-audit.json on the release"] : []),
  ]
}

/** A pull request by its number, a commit in short. */
export const nameOf = (id: string): string => (id.startsWith("#") ? id : id.slice(0, 7))
