import type { Ended } from "../../model/signal.ts"
import { postMortemTarget, type Run, reply } from "../run.ts"

/** The issue that a rollback opened is told in the thread of the release that was rolled back. */
export function tellPostMortem(run: Run, { target, outcome, at }: Ended): void {
  const environment = Object.values(run.state.environments).find(
    ({ rollback }) => rollback !== undefined && postMortemTarget(rollback.id) === target,
  )
  if (!environment?.rollback || outcome.is !== "done") return
  const { number, url } = outcome.result ?? {}
  if (typeof number !== "number" || typeof url !== "string") return
  const { id, from } = environment.rollback
  const { name } = environment
  reply(run, from.release, `post-mortem:${id}`, {
    is: "post-mortem",
    environment: name,
    version: from.version,
    number,
    url,
    at,
  })
}
