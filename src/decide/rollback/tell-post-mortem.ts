import type { FollowedPostMortem } from "../../model/post-mortem.ts"
import type { Ended } from "../../model/signal.ts"
import { postMortemTarget, type Run, reply } from "../run.ts"
import { firstReminder } from "./actions.ts"
import { followed } from "./post-mortem.ts"

/** The issue that a rollback opened is told in the thread of the release that was rolled back, and followed from now on. */
export function tellPostMortem(run: Run, { target, outcome, at }: Ended): void {
  const asked = followed(run).find(({ id }) => postMortemTarget(id) === target)
  if (!asked || outcome.is !== "done") return
  const { number, url } = outcome.result ?? {}
  if (typeof number !== "number" || typeof url !== "string") return
  const next = firstReminder(run, asked.release)
  const open: FollowedPostMortem = { ...asked, is: "open", number, url, ...(next === undefined ? {} : { next }) }
  run.state = { ...run.state, postMortems: followed(run).map((one) => (one === asked ? open : one)) }
  const { id, release, version, place } = asked
  reply(run, release, `post-mortem:${id}`, { is: "post-mortem", environment: place, version, number, url, at })
}
