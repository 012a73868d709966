import { placeOf } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import { isSameEnvironment } from "../../model/protection.ts"
import type { DrillAsked } from "../../model/signal.ts"
import { putEnvironment, type Run, record, withAnswer } from "../run.ts"
import { list, plain } from "../wording.ts"
import { beginDrill } from "./begin.ts"

/** Somebody asked for a drill by a token that may. Where it cannot begin, the environment's page and the audit say why. */
export function drillAsked(run: Run, { environment: name, component, by, at }: DrillAsked): void {
  const found = Object.values(run.state.environments).filter(
    (one) => isSameEnvironment(one.name, name) && (component === undefined || component === (one.component ?? "")),
  )
  const [environment] = found
  if (!environment || found.length > 1) {
    const because = environment
      ? `${list(found.map(placeOf))} are several: name the component`
      : "nothing is known to be live there"
    record(run, "drill refused", { environment: name, component: component ?? null, because, at }, { by })
    return
  }
  const because = beginDrill(run, environment, { by, at })
  const now = own(run.state.environments, placeOf(environment)) ?? environment
  const said = { by, did: "drill", counted: because === undefined, because: plain(because ?? "it has begun"), at }
  putEnvironment(run, { ...now, answers: withAnswer(now.answers, said) })
  if (because === undefined) return
  const of = { by, ...(now.live ? { release: now.live.release } : {}) }
  record(run, "drill refused", { environment: now.name, component: now.component ?? null, because, at }, of)
}
