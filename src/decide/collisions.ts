import { type Appointment, DEPLOY_STEPS } from "../model/agenda.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import { seenHash } from "../model/seen.ts"
import type { State } from "../model/state.ts"
import { chosenPlan } from "./plan-of.ts"
import { appointmentsOf } from "./reminders.ts"
import { type Run, reply } from "./run.ts"
import { instant } from "./wording.ts"

/** A deployment has no length in a plan: what is planned less than an hour apart meets. */
const APART_MS = 60 * 60_000

/** Two releases whose plans deploy them to one environment at the same time. */
export interface Collision {
  readonly with: Release
  readonly mine: Appointment
  readonly theirs: Appointment
}

/** Which other releases of the repository are planned for an environment at the time of this one; over is over. */
export function collisionsOf(state: State, release: Release, now: string): readonly Collision[] {
  const mine = deployments(state, release, now)
  if (mine.length === 0) return []
  return state.releases.flatMap((other) =>
    other.id === release.id || isOnePlan(state, release, other)
      ? []
      : deployments(state, other, now).flatMap((theirs) =>
          mine.flatMap((own) => (meet(own, theirs) ? [{ with: other, mine: own, theirs }] : [])),
        ),
  )
}

const deployments = (state: State, release: Release, now: string): readonly Appointment[] =>
  appointmentsOf(state, release).filter(({ is, at }) => (DEPLOY_STEPS as readonly string[]).includes(is) && at > now)

const meet = (one: Appointment, other: Appointment): boolean =>
  one.is === other.is && Math.abs(Date.parse(one.at) - Date.parse(other.at)) < APART_MS

/** A plan for several components deploys them together, and that is what it says. */
const isOnePlan = (state: State, one: Release, other: Release): boolean => {
  const plan = planHash(state, one)
  return plan !== undefined && plan === planHash(state, other)
}

function planHash(state: State, release: Release): string | undefined {
  const line = own(state.lines, release.branch)
  if (!line) return undefined
  if (release.phase.is === "published")
    return release.component === "" ? line.spent : own(line.spentBy, release.component)
  const chosen = chosenPlan(state, line, release)
  return chosen.is === "one" ? seenHash(chosen.plan) : undefined
}

const says = ({ with: other, mine, theirs }: Collision): string =>
  `${other.tag} is planned for the same ${mine.what} at the same time (${instant(mine.at)} and ${instant(theirs.at)}): move one of them in its plan.`

/** What the page of a release says of them. */
export const collisionWarnings = (state: State, release: Release, now: string): readonly string[] =>
  collisionsOf(state, release, now).map(says)

/** The thread of each of the two says it once. */
export function tellCollisions(run: Run): void {
  for (const release of run.state.releases)
    for (const collision of collisionsOf(run.state, release, run.at)) {
      const { with: other, mine, theirs } = collision
      reply(run, release.id, `collides:${other.id}:${mine.is}:${mine.at}:${theirs.at}`, {
        is: "collides",
        says: says(collision),
      })
    }
}
