import type { Release } from "../model/release.ts"
import type { Clicked } from "../model/signal.ts"
import { putRelease, type Run, record, releaseOf, withAnswer } from "./run.ts"
import { plain } from "./wording.ts"

/** Says on the page what became of a click; the audit keeps it too. */
export function answer(run: Run, release: Release, click: Clicked, counted: boolean, reason: string): void {
  const because = plain(reason)
  const now = releaseOf(run.state, release.id) ?? release
  const said = { by: click.by.login, did: click.button, counted, because, at: click.at }
  putRelease(run, { ...now, answers: withAnswer(now.answers, said) })
  if (!counted)
    record(
      run,
      "click did not count",
      { button: click.button, because, checkRun: click.checkRun, sha: click.sha },
      { release: release.id, by: click.by.login },
    )
}
