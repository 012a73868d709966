import type { AuditRecord } from "../model/audit-chain.ts"
import type { AuditEntry } from "../model/decision.ts"
import type { Json } from "../model/json.ts"
import type { Told } from "../model/post-mortem.ts"
import { count } from "./words.ts"

/** Nothing came of it, or it is told elsewhere in the issue. */
const QUIET: readonly string[] = [
  "click did not count",
  "click came again",
  "edited after the cut",
  "version moved",
  "pull request written",
  "stakeholders told",
  "audience told",
  "audience not told",
]

/** What a release's audit records say happened, each at the instant that it names, in their order. */
export const timelineIn = (records: readonly AuditRecord[]): readonly Told[] =>
  records
    .filter(({ entry }) => !QUIET.includes(entry.what))
    .map(({ at, entry }) => ({ at: textOf(entry.facts.at) ?? at, what: sentence(entry) }))
    .toSorted((a, b) => secondOf(a.at) - secondOf(b.at))

/** GitHub's times are whole seconds and ours are not: within one second the records' own order counts. */
const secondOf = (iso: string): number => Math.floor(Date.parse(iso) / 1000) || 0

function sentence({ what, by, facts }: AuditEntry): string {
  const environment = textOf(facts.environment)
  const to = textOf(facts.to)
  const where = environment === undefined ? "" : ` in ${environment}`
  const goal = to === undefined || !what.startsWith("roll") ? "" : `, to ${to}`
  const because = textOf(facts.because)
  const who = by === undefined ? "" : ` by ${by}`
  return `${what}${where}${goal}${who}${because === undefined ? "" : `: ${because}`}`
}

/** Who was told beside the thread, and who was not, and why. */
export const toldIn = (records: readonly AuditRecord[]): readonly Told[] =>
  records.flatMap(({ at, entry: { what, facts } }) => {
    const news = textOf(facts.of)
    if (what === "stakeholders told")
      return [{ at, what: `e-mail to ${count(Number(facts.addresses), "stakeholder")}: ${news ?? ""}` }]
    const audience = `${textOf(facts.audience) ?? ""} by ${textOf(facts.by) ?? ""}`
    if (what === "audience told")
      return [
        { at, what: `${audience}, ${count(Number(facts.places), "place")}${news === undefined ? "" : `: ${news}`}` },
      ]
    if (what === "audience not told")
      return [{ at, what: `not told: ${audience}, ${textOf(facts.because) ?? "too late"}` }]
    return []
  })

/** What every gate of an environment said when the release asked to enter it, and was answered. */
export const entryIn = (records: readonly AuditRecord[]): readonly (Told & { readonly gates: readonly string[] })[] =>
  records.flatMap(({ at, entry: { what, facts } }) => {
    const environment = textOf(facts.environment)
    if (environment === undefined || !Array.isArray(facts.gates)) return []
    return [{ at, what: `${what}, ${environment}`, gates: facts.gates.flatMap((one) => textOf(one) ?? []) }]
  })

const textOf = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined)
