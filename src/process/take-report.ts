import type { Engine } from "../engine/engine.ts"
import type { Clock } from "../model/clock.ts"
import type { Log } from "../model/log.ts"
import { isSameEnvironment } from "../model/protection.ts"
import type { Signal } from "../model/signal.ts"
import { drillRequest } from "../signals/drill-request.ts"
import { fluxReport, report } from "../signals/report.ts"
import type { Store } from "../store/open.ts"
import { type ReportToken, reportedRepository, reportToken } from "../store/report-tokens.ts"
import type { ReportAnswer, ReportForm, ReportRouteOptions } from "../web/report-route.ts"
import type { Served } from "./served.ts"

interface Taking {
  readonly store: Store
  readonly engine: Pick<Engine<Signal>, "ingest">
  readonly served: Served
  readonly clock: Clock
  readonly log: Log
}

/** What systems outside of GitHub say of deployments: who says it, of what, and whether they may. */
export const takeReports = (taking: Taking): Pick<ReportRouteOptions<ReportToken>, "authenticate" | "deliver"> => ({
  authenticate: (token) =>
    reportToken(taking.store.db, token, taking.clock.now()).catch((err: unknown) => {
      taking.log.error({ err }, "the token of a report could not be looked up")
      throw err
    }),
  deliver: (token, form, body) =>
    take(taking, token, form, body).catch((err: unknown) => {
      taking.log.error({ err, token: token.id }, "a report could not be kept; its sender was told so")
      throw err
    }),
})

const FORMS = { slipway: report, flux: fluxReport, drill: drillRequest } as const

async function take(
  { store, engine, served, clock }: Taking,
  token: ReportToken,
  form: ReportForm,
  body: string,
): Promise<ReportAnswer> {
  const read = FORMS[form](body, token, clock.now())
  if (read.is === "ignored") return { is: "ignored" }
  if (read.is === "malformed") return { is: "refused", as: "malformed", because: read.because }
  const { delivery, repository, signal } = read
  const forbidden = (because: string): ReportAnswer => ({ is: "refused", as: "forbidden", because })
  // guard: drill-without-right
  if (read.is === "drill" && !token.drills)
    return forbidden("this token may not ask for drills: `slipway token create --drill` makes one that may")
  // guard: report-environment
  const isAllowed = (name: string): boolean => isSameEnvironment(name, signal.environment)
  if (token.environments.length > 0 && !token.environments.some(isAllowed))
    return forbidden(`this token may not report of ${signal.environment}`)
  if (token.reach.is === "installation" && repository === undefined)
    return { is: "refused", as: "malformed", because: "`repository` is missing: this token is of several" }
  const repo = await reportedRepository(store.db, token.reach, repository)
  if (!repo) return forbidden("this token may not report of that repository, or Slipway does not know it")
  const serves = served.serves(repo.owner)
  if (serves === undefined) return { is: "failed", because: "GitHub could not be asked yet who owns the App." }
  if (!serves) return forbidden("its account is not served")
  return { is: await engine.ingest({ id: delivery, repo, signals: [signal] }) }
}
