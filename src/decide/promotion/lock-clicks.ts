import { placeOf } from "../../model/deployment.ts"
import { environmentNamed } from "../../model/environment-named.ts"
import { type Lock, lockId } from "../../model/lock.ts"
import type { Clicked } from "../../model/signal.ts"
import { mayClick } from "../approvals.ts"
import { environmentCheckName, LOCK, UNLOCK } from "../buttons.ts"
import { peopleOf } from "../environment-people.ts"
import { whyLate } from "../late.ts"
import { putEnvironment, type Run, record, reply, withAnswer } from "../run.ts"
import { plain } from "../wording.ts"
import type { Out } from "./entry.ts"
import { lockOf, putLock, takeLock } from "./locked.ts"
import { openRequests, putRequest, requestsIn } from "./requests.ts"

type Place = Pick<Lock, "environment" | "component">

export const isLockClick = ({ button }: Clicked): boolean => button === LOCK.identifier || button === UNLOCK.identifier

/** Lock or Unlock on a page of the environment, by somebody who may approve there. */
export function clickLock(run: Run, click: Clicked): void {
  const place = placeClicked(run, click)
  const release = place && releaseOn(run, place, click)
  if (!place || !release) {
    const { button, checkRun, sha, name } = click
    const because = "nothing is known of this environment"
    record(run, "click did not count", { button, because, checkRun, sha, check: name }, { by: click.by.login })
    return
  }
  const because = whyNot(run, place, release, click)
  if (because !== undefined) refuse(run, place, click, because)
  else if (click.button === UNLOCK.identifier) unlock(run, place, release, click)
  else lock(run, place, release, click)
}

function whyNot(run: Run, place: Place, release: Out, click: Clicked): string | undefined {
  const { environment, component } = place
  const lock = lockOf(run.state, place)
  const isUnlock = click.button === UNLOCK.identifier
  // guard: unlock-by-anybody
  const may = mayClick(run.state, click.by, [peopleOf(run, release.branch, { name: environment, component })])
  if (!may.may) return may.because
  const late = whyLate(run, click)
  if (late !== undefined) return late
  if (!isUnlock) return lock ? `${lock.by} has locked it already` : undefined
  if (!lock) return "it is not locked any more"
  // guard: unlock-of-an-earlier-lock
  if (!isOfLock(click, lock)) return "it was locked anew since the page was drawn: look at it again"
  return undefined
}

/** Whether the page that was pressed showed this very lock. */
const isOfLock = ({ externalId }: Clicked, lock: Lock): boolean => externalId.endsWith(`:lock:${lockId(lock)}`)

/** The page that was pressed says which environment, and of which component, by its name. */
function placeClicked(run: Run, { name }: Clicked): Place | undefined {
  const known = Object.values(run.state.environments).map((it) => ({
    environment: it.name,
    component: it.component ?? "",
  }))
  const components = new Set(run.state.releases.map(({ component }) => component))
  const asked = requestsIn(run.state).flatMap(({ environment }) =>
    [...components].map((component) => ({ environment, component })),
  )
  return [...known, ...asked, ...Object.values(run.state.verdicts ?? {})].find(
    ({ environment, component }) =>
      environmentCheckName(placeOf({ name: environment, component })).toLowerCase() === name.toLowerCase(),
  )
}

const releaseOn = ({ state }: Run, { component }: Place, { sha }: Clicked): Out | undefined =>
  state.releases.findLast(
    (release): release is Out =>
      release.phase.is === "published" && release.phase.candidate.sha === sha && release.component === component,
  )

function lock(run: Run, place: Place, release: Out, click: Clicked): void {
  const because = `by the button on the page of ${release.phase.candidate.version}`
  putLock(run, { ...place, by: click.by.login, at: click.at, because }, release.id)
  answer(run, place, click, true, "nothing enters until somebody who may approve there unlocks it")
}

function unlock(run: Run, place: Place, release: Out, click: Clicked): void {
  const was = lockOf(run.state, place)
  if (!was) return
  takeLock(run, was)
  const { environment, component } = place
  const by = click.by.login
  answer(run, place, click, true, `releases may enter again; ${was.by} had locked it: ${was.because}`)
  record(
    run,
    "unlocked",
    { environment, component, lockedBy: was.by, because: was.because },
    { release: release.id, by },
  )
  const name = placeOf({ name: environment, component })
  reply(run, release.id, `unlocked:${name}:${click.at}`, {
    is: "unlocked",
    environment: name,
    by,
    lockedBy: was.by,
    because: was.because,
    at: click.at,
  })
}

function refuse(run: Run, place: Place, click: Clicked, because: string): void {
  answer(run, place, click, false, because)
  const { button, checkRun, sha } = click
  record(
    run,
    "click did not count",
    { button, because, checkRun, sha, environment: place.environment },
    { by: click.by.login },
  )
}

/** On every page that shows the environment: its own, and those of what waits to enter. */
function answer(run: Run, { environment, component }: Place, click: Clicked, counted: boolean, reason: string): void {
  const said = { by: click.by.login, did: click.button, counted, because: plain(reason), at: click.at }
  const here = environmentNamed(run.state, environment, component)
  if (here) putEnvironment(run, { ...here, answers: withAnswer(here.answers, said) })
  for (const request of openRequests(run.state))
    if (request.sha === click.sha && request.environment.toLowerCase() === environment.toLowerCase())
      putRequest(run, { ...request, answers: withAnswer(request.answers, said) })
}
