import type { Finding } from "../model/finding.ts"
import type { PageFinding } from "../model/page.ts"
import type { Release } from "../model/release.ts"
import type { State } from "../model/state.ts"
import { type Run, record, reply } from "./run.ts"
import { plain } from "./wording.ts"

/** What a state keeps; the audit has the rest. */
const KEPT = 40

/** How the thread hears of a finding: in a reply of its own, or in one that says more and is made elsewhere. */
type Told = "here" | "elsewhere"

/** Notices a way round, once: in the state, in the audit and in the thread of the release that it concerns. */
export function find(run: Run, finding: Omit<Finding, "at" | "ended">, told: Told = "here"): void {
  const known = run.state.findings ?? []
  if (known.some(({ id, ended }) => id === finding.id && !ended)) return
  const { id, kind, says, todo, by, release } = finding
  const others = known.filter((one) => one.id !== id)
  run.state = { ...run.state, findings: bounded([...others, { ...finding, at: run.at }]) }
  record(
    run,
    "went round",
    { kind, says, todo },
    { ...(release === undefined ? {} : { release }), ...(by === undefined ? {} : { by }) },
  )
  if (told === "elsewhere" || release === undefined) return
  reply(run, release, `round:${id}:${run.at}`, {
    is: "went round",
    says: plain(says),
    todo: plain(todo),
    at: run.at,
    ...(by === undefined ? {} : { by }),
  })
}

/** What was found does not stand any more. Nothing happens where it was not, or was ended before. */
export function endFinding(run: Run, id: string, says: string, told: Told = "here"): void {
  const known = run.state.findings ?? []
  const at = known.findIndex((one) => one.id === id && !one.ended)
  const finding = known[at]
  if (!finding) return
  run.state = { ...run.state, findings: known.with(at, { ...finding, ended: { at: run.at, says } }) }
  const { kind, release } = finding
  record(run, "way round ended", { kind, says }, release === undefined ? {} : { release })
  if (told === "elsewhere" || release === undefined) return
  reply(run, release, `round-ended:${id}:${run.at}`, { is: "way round ended", says: plain(says), at: run.at })
}

/** What has ended is forgotten first, then what is oldest. */
function bounded(all: readonly Finding[]): readonly Finding[] {
  const surplus = all.length - KEPT
  if (surplus <= 0) return all
  const gone = new Set([...all.filter(({ ended }) => ended), ...all.filter(({ ended }) => !ended)].slice(0, surplus))
  return all.filter((finding) => !gone.has(finding))
}

/** What stands against a release and has not ended. */
export const standingAgainst = ({ findings = [] }: State, release: string): readonly Finding[] =>
  findings.filter((one) => one.release === release && !one.ended)

/** What the page of a release says of ways round, the newest last. */
export const findingsOf = ({ findings = [] }: State, { id }: Release): readonly PageFinding[] =>
  findings
    .filter(({ release }) => release === id)
    .map(({ says, todo, by, at, ended }) => ({
      says: plain(says),
      todo: plain(ended ? ended.says : todo),
      at,
      ended: ended !== undefined,
      ...(by === undefined ? {} : { by }),
    }))
