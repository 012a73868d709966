import type { AlertsRead } from "../model/alerts.ts"
import type { AlertsAsked } from "./alerts.ts"
import { countAlerts, PAGE, whyRefused } from "./count-alerts.ts"
import { type Reader, unknown } from "./reader.ts"

/** Analyses are listed newest first: a commit that is not among so many was not analysed lately. */
const ANALYSIS_PAGES = 3
/** Alerts cannot be asked for by severity: more open ones than these are not counted. */
const OPEN_MOST = 1_000
const WAY_OUT = "grant the App `security_events: read`, and let code scanning analyse the branch"

type Analysis = Awaited<ReturnType<Reader["rest"]["codeScanning"]["listRecentAnalyses"]>>["data"][number]

/**
 * Code scanning's alerts, as they can be in a commit: those that are open on its branch, and those that the analysis of
 * a later commit found fixed. They count only where the commit itself was analysed. That every analysis of it has ended
 * is what the release's own `checks` are for.
 *
 * https://docs.github.com/en/rest/code-scanning/code-scanning#list-code-scanning-analyses-for-a-repository,
 * https://docs.github.com/en/rest/code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository
 */
export async function readCodeScanning(reader: Reader, { sha, branch }: AlertsAsked): Promise<AlertsRead> {
  const analysed = await readAnalyses(reader, sha, branch)
  if (analysed.is !== "analysed") return analysed
  const ref = `refs/heads/${branch}`
  const newest = (state: "fixed" | "dismissed") =>
    reader.ask((common) =>
      reader.rest.codeScanning.listAlertsForRepo({
        ...common,
        ref,
        state,
        sort: "updated",
        direction: "desc",
        per_page: PAGE,
      }),
    )
  const [open, fixed, dismissed] = await Promise.all([
    reader.all(
      (at) => reader.rest.codeScanning.listAlertsForRepo({ ...at, ref, state: "open" }),
      (items) => ({ items }),
      OPEN_MOST,
    ),
    newest("fixed"),
    newest("dismissed"),
  ])
  if (open.is === "too many") return unknown(`code scanning has ${open.atLeast} open alerts or more, too many to read`)
  if (open.is === "refused") return unknown(whyRefused(open.error, WAY_OUT))
  if (fixed.is === "refused") return unknown(whyRefused(fixed.error, WAY_OUT))
  if (dismissed.is === "refused") return unknown(whyRefused(dismissed.error, WAY_OUT))
  return {
    is: "read",
    by: analysed.tools.join(" and "),
    ...countAlerts({
      open: open.data,
      fixed: fixed.data,
      dismissed: dismissed.data,
      later: ({ tool }) => analysed.later(tool.name ?? ""),
      severity: ({ rule }) => rule.security_severity_level,
    }),
  }
}

type Analysed =
  | {
      readonly is: "analysed"
      readonly tools: readonly string[]
      /** By tool: when it first analysed a later commit (ISO 8601); null: it has not. */
      readonly later: (tool: string) => string | null
    }
  | { readonly is: "waits" | "unknown"; readonly because: string }

async function readAnalyses(reader: Reader, sha: string, branch: string): Promise<Analysed> {
  const all: Analysis[] = []
  const isThis = ({ commit_sha }: Analysis) => commit_sha === sha
  for (let page = 1; page <= ANALYSIS_PAGES; page++) {
    const answer = await reader.ask((common) =>
      reader.rest.codeScanning.listRecentAnalyses({
        ...common,
        ref: `refs/heads/${branch}`,
        sort: "created",
        direction: "desc",
        per_page: PAGE,
        page,
      }),
    )
    if (answer.is === "refused") return unknown(whyRefused(answer.error, WAY_OUT))
    all.push(...answer.data)
    const oldest = answer.data.at(-1)
    if (answer.data.length < PAGE || (all.some(isThis) && oldest && !isThis(oldest))) break
  }
  const newest = newestOfEach(all.filter(isThis))
  const broken = newest.find(({ error }) => error !== "")
  if (broken) return unknown(`${toolOf(broken)} could not analyse ${sha.slice(0, 7)}: ${broken.error.slice(0, 200)}`)
  if (newest.length === 0)
    return { is: "waits", because: `code scanning has not analysed ${sha.slice(0, 7)} on ${branch}` }
  const since = (tool: string) => {
    const own = newest.filter((one) => toolOf(one) === tool).map(({ created_at }) => created_at)
    return own.sort().at(-1) ?? newest[0]?.created_at ?? ""
  }
  return {
    is: "analysed",
    tools: [...new Set(newest.map(toolOf))],
    later: (tool) => {
      const others = all.filter((one) => toolOf(one) === tool && !isThis(one) && one.created_at > since(tool))
      return others.map(({ created_at }) => created_at).sort()[0] ?? null
    },
  }
}

const toolOf = ({ tool }: Analysis): string => tool.name ?? "a tool without a name"

/** A tool may analyse a commit in several parts, and again: of each part the newest counts. */
function newestOfEach(analyses: readonly Analysis[]): readonly Analysis[] {
  const parts = Map.groupBy(analyses, (one) => [toolOf(one), one.category ?? one.analysis_key].join("\0"))
  return [...parts.values()].flatMap((part) =>
    part.toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1)).slice(0, 1),
  )
}
