import type { Evidence } from "../../model/evidence.ts"
import type { Gate } from "../../model/gate.ts"
import { own } from "../../model/own.ts"
import { unknownBecause } from "../gates/subject.ts"
import { list } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"
import { names, newestReports, ofApp, reportsFor, shown } from "./reports.ts"

/** Names by which tools report the coverage of the whole project. */
const USUAL = ["codecov/project*", "coverage*", "* coverage", "Coverage*", "* Coverage", "*coveralls*", "*Coveralls*"]

/**
 * What reports on the release's commit say of its coverage reaches what is asked for: the newest run of each name counts,
 * and of several the lowest. One that did not pass, or of which it cannot be told what it says, passes nothing.
 */
export function coverageGate(entry: Entry): Judged | null {
  const { coverage } = entry.rules
  if (!coverage) return null
  const least = coverage["at-least"]
  const { sha } = entry.release.phase.candidate
  const unreadable = unknownBecause(entry.state, `checks:${sha}`)
  if (unreadable !== undefined) return judged("unknown", `could not be read: ${unreadable}`)
  const globs = coverage.from ?? USUAL
  const reports = newestReports(ofApp(reportsFor(entry, globs), coverage.app))
  if (own(entry.state.evidence, sha)?.readAt === undefined && reports.length === 0)
    return { ...judged("unknown", "the checks were not read yet"), unread: true }
  if (reports.length === 0) return judged("pending", `waits for ${wanted(coverage)}`)
  const failed = reports.filter(({ state }) => state === "failed")
  if (failed.length > 0) return judged("failed", `${names(failed)} did not pass`, failed)
  const pending = reports.filter(({ state }) => state === "pending")
  if (pending.length > 0) return judged("pending", `${names(pending)} still running`, pending)
  const vague = reports.filter((report) => covered(report) === undefined)
  if (vague.length > 0) return judged("unknown", list(vague.map(whyVague)), vague)
  const lowest = Math.min(...reports.map((report) => covered(report) ?? 0))
  const says = `${lowest} %, as ${names(reports)} ${reports.length === 1 ? "says" : "say"}`
  if (lowest < least) return judged("failed", `${says}; at least ${least} % is asked for`, reports)
  return judged("passed", `${says}; ${least} % is enough`, reports)
}

const wanted = ({ from, app }: { readonly from?: readonly string[]; readonly app?: string }): string => {
  const named = from ? ` named ${list(from.map((glob) => `“${glob}”`))}` : ", such as “codecov/project”"
  return `a report of coverage${named}${app === undefined ? "" : ` of the App ${app}`}`
}

/** The one percentage that it says; undefined where it says none, several, or one that no coverage can be. */
function covered({ percent = [] }: Evidence): number | undefined {
  const [one, ...more] = percent
  return one !== undefined && more.length === 0 && one <= 100 ? one : undefined
}

function whyVague({ name, percent = [] }: Evidence): string {
  const [one, other] = percent
  if (one === undefined) return `${name} says no percentage in its title or description`
  if (other === undefined) return `${name} says ${one} %, which no coverage is`
  return `${name} says both ${one} % and ${other} %: which one is meant cannot be told`
}

const judged = (state: Gate["state"], because: string, items: readonly Evidence[] = []): Judged => ({
  gate: { name: "coverage", state, because, evidence: shown(items) },
})
