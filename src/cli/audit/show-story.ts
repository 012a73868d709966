import type { AuditRecord } from "../../model/audit-chain.ts"
import type { Json } from "../../model/json.ts"
import type { PublishingEvidence } from "../../model/release-evidence.ts"
import { nameOf, type Story } from "./story.ts"

/** A line of the story: what it is about, what is said of it, and where to see it. */
export interface Line {
  readonly mark: "good" | "bad" | "none"
  readonly head: string
  readonly says: readonly string[]
  readonly url?: string
}

export interface Section {
  readonly title: string
  readonly lines: readonly Line[]
}

/** `2026-03-01 10:00:07 UTC`: an audit goes by seconds. */
export const second = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`

const short = (sha: string): string => sha.slice(0, 7)
const line = (head: string, says: readonly string[], mark: Line["mark"] = "none", url?: string): Line => ({
  mark,
  head,
  says,
  ...(url === undefined ? {} : { url }),
})

/** The story in sections, for every way of showing it. Those that have nothing to say are left out. */
export function sectionsOf(story: Story): readonly Section[] {
  const { evidence } = story
  return [
    ...(evidence ? evidenceSections(evidence) : []),
    { title: "Artifacts", lines: artifacts(story) },
    { title: "Environments", lines: environments(story.records) },
    { title: "What happened", lines: story.records.map((record) => happened(story, record)) },
    { title: "Under which files", lines: under(story.records) },
  ].filter(({ lines }) => lines.length > 0)
}

function evidenceSections({ changes, gates, checks, approvals, sha }: PublishingEvidence): readonly Section[] {
  return [
    {
      title: `Changes (${changes.length})`,
      lines: changes.map(({ id, title, pull, wrote, coveredBy, risk }) =>
        line(nameOf(id), [
          title,
          `by ${wrote.length === 0 ? "nobody who is known" : wrote.join(", ")}`,
          coveredBy.length === 0 ? "reviewed by nobody" : `reviewed by ${coveredBy.join(", ")}`,
          ...(risk.is === "low" ? [`of low risk: ${risk.because}`] : []),
          pull ? `merged ${second(pull.mergedAt)}` : "pushed without a pull request",
        ]),
      ),
    },
    {
      title: `Gates, as they were when it was published (${gates.length})`,
      lines: gates.map(({ name, state, because }) =>
        line(name, [...(state === "passed" ? [] : [state]), because], state === "passed" ? "good" : "bad"),
      ),
    },
    {
      title: `Checks of ${short(sha)} (${checks.length})`,
      lines: checks.map(({ name, app, word, at, state, url, kind, id }) =>
        line(
          name,
          [word, app ?? (kind === "status" ? "commit status" : "an App"), `${kind} ${id}`, second(at)],
          state === "passed" ? "good" : "bad",
          url,
        ),
      ),
    },
    {
      title: `Approvals (${approvals.length})`,
      lines: approvals.map(({ by, at, sha: seen, counts, because }) =>
        line(
          by,
          [`${second(at)} at ${short(seen)}`, counts ? because : `did not count: ${because}`],
          counts ? "good" : "none",
        ),
      ),
    },
  ]
}

function artifacts({ tag, sha, published, evidence, head }: Story): readonly Line[] {
  return [
    ...(published && sha !== "" ? [line(tag, [`tag on ${sha}`])] : []),
    ...(evidence?.assets ?? []).map(({ name, sha256 }) =>
      line(name, [sha256 === null ? "no sum" : `sha256 ${sha256}`]),
    ),
    ...(head
      ? [line(head.file, [head.sequence === undefined ? "attached" : `record ${head.sequence}, ${head.hash ?? ""}`])]
      : []),
  ]
}

/** Good ends, by the words of the records; whatever else names an environment is told without a verdict. */
const WENT: { readonly [what: string]: Line["mark"] } = {
  live: "good",
  "rolled back": "bad",
  "deployment failed": "bad",
  "rollback failed": "bad",
  "drill passed": "good",
  "drill failed": "bad",
}

function environments(records: readonly AuditRecord[]): readonly Line[] {
  return records.flatMap(({ at, entry: { what, by, facts } }) => {
    const { environment, deployment, url } = facts
    if (typeof environment !== "string" || what === "click did not count") return []
    return line(
      environment,
      [
        what,
        ...(typeof deployment === "string" ? [`deployment ${deployment}`] : []),
        second(typeof facts.at === "string" ? facts.at : at),
        ...(by === undefined ? [] : [`by ${by}`]),
      ],
      WENT[what] ?? "none",
      typeof url === "string" ? url : undefined,
    )
  })
}

/** Told elsewhere in the story, or in the line itself. */
const TOLD = [
  "gates",
  "approvals",
  "changes",
  "checks",
  "assets",
  "head",
  "tag",
  "branch",
  "component",
  "at",
  "url",
  "id",
  "required",
  "todo",
]
/** What says itself, without the name that it is stored under. */
const SAYS = ["because", "covers", "says"]
const BAD = [
  "published outside Slipway",
  "tag moved",
  "tag deleted",
  "base moved",
  "deployment failed",
  "rollback failed",
]
const LONGEST = 160

function happened(story: Story, { sequence, at, entry: { what, by, facts } }: AuditRecord): Line {
  const told = Object.entries(facts).flatMap(([name, value]) =>
    TOLD.includes(name) || isAsEver(story, name, value) ? [] : factOf(name, value),
  )
  const isBad = BAD.includes(what) || what === "went round"
  return line(
    String(sequence),
    [`${second(at)}  ${what}${by === undefined ? "" : ` by ${by}`}`, ...told],
    isBad ? "bad" : "none",
  )
}

/** The commit and the version that the whole story is about, and what is so for nearly every record. */
const isAsEver = ({ sha, version }: Story, name: string, value: Json): boolean =>
  (name === "sha" && value === sha) || (name === "version" && value === version) || (name === "attempt" && value === 1)

function factOf(name: string, value: Json): readonly string[] {
  if (typeof value === "object" || typeof value === "boolean" || value === "") return []
  const text = String(value)
  const said = /^[0-9a-f]{40}$/.test(text) ? short(text) : text
  const fitting = said.length > LONGEST ? `${said.slice(0, LONGEST)}…` : said
  return [
    SAYS.includes(name) ? fitting : `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${fitting}`,
  ]
}

/** Each set of files once, with the record from which on it counted. */
function under(records: readonly AuditRecord[]): readonly Line[] {
  const lines: Line[] = []
  let before = ""
  for (const { sequence, entry } of records) {
    if (!entry.under) continue
    const { config, plan, gates } = entry.under
    const now = `${config} ${plan} ${gates}`
    if (now === before) continue
    before = now
    lines.push(line(`from record ${sequence}`, [`configuration ${config}`, `plan ${plan}`, `gates ${gates}`]))
  }
  return lines
}
