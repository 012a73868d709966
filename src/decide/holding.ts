import type { Release } from "../model/release.ts"
import type { Clicked } from "../model/signal.ts"
import { answer } from "./answers.ts"
import { putRelease, type Run, record, reply } from "./run.ts"

/** Hold: nothing is published until who held it, or another approver, approves; their own approval no longer counts. */
export function hold(run: Run, release: Release, click: Clicked): void {
  // A press that comes late takes nothing back that its own person said after it.
  if (release.approvals.some(({ by, at }) => by.id === click.by.id && at > click.at)) {
    answer(run, release, click, false, "they approved after it was pressed")
    return
  }
  const publishing = release.phase.is === "cut" && release.phase.publishing !== undefined
  const next = putRelease(run, { ...release, hold: { by: click.by, at: click.at } })
  const withdrawn = { ...next, approvals: next.approvals.filter((a) => a.by.id !== click.by.id) }
  const because = publishing
    ? "it is being published at this moment; the hold counts if that comes to nothing"
    : "nothing is published until they, or another approver, approve"
  answer(run, putRelease(run, withdrawn), click, true, because)
  record(
    run,
    "held",
    { sha: click.sha, at: click.at, checkRun: click.checkRun },
    { release: release.id, by: click.by.login },
  )
  reply(run, release.id, `held:${click.checkRun}:${click.by.id}:${click.at}`, {
    is: "held",
    by: click.by.login,
    at: click.at,
  })
}
