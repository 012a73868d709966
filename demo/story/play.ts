import type { SeenCheckRun } from "../peers/github/world.ts"
import { type Merged, mergeAll } from "./changes.ts"
import { playComponents, type ToldOfComponents } from "./components.ts"
import { playGates, type ToldOfGates } from "./gates.ts"
import type { History } from "./history.ts"
import { OWNER } from "./people.ts"
import { runUrl, waitForCheck, world } from "./place.ts"
import { deploy, rollBack, secondRelease } from "./production.ts"
import { decide, followed, publish, type Released, testsPass, toldAll } from "./publishing.ts"
import type { Stage } from "./stage.ts"
import type { Teller } from "./teller.ts"
import { playWatched, type ToldOfWatched } from "./watched.ts"

/** What the story leaves behind, for showing. */
export interface Told {
  readonly first: Released
  readonly second: Released
  readonly merged: Merged
  /** A pull request that was told of its release. */
  readonly told: number
  /** Pages as they were on the way. */
  readonly moments: Readonly<Record<Moment, SeenCheckRun>>
  readonly components: ToldOfComponents
  readonly gates: ToldOfGates
  readonly watched: ToldOfWatched
}

export type Moment = "waiting" | "held" | "ready" | "published" | "live" | "failed"

/** Plays the main job from merged pull requests to the post-mortem. @throws StepFailed where something does not hold */
export async function play(stage: Stage, history: History, teller: Teller): Promise<Told> {
  await install(stage, teller)
  const by = history.first[0]?.by ?? OWNER
  const meanwhile = teller.meanwhile(SECOND, (step) => playComponents(stage.components, by, step))
  const beside = teller.meanwhile(THIRD, (step) => playGates(stage.gates, by, step))
  const apart = teller.meanwhile(FOURTH, (step) => playWatched(stage.watched, step))
  const merged = await mergeAll(stage, history, teller)
  await testsPass(stage, teller, merged.head)
  const { first, ...decided } = await decide(stage, history, teller, merged.head)
  await publish(stage, teller, first)
  const published = await followed(stage, teller, first)
  const told = await toldAll(stage, merged.cancelled, teller)
  await deploy(stage, teller, first, "staging", "success")
  const live = await deploy(stage, teller, first, "production", "success")
  const second = await secondRelease(stage, history, teller)
  const failed = await deploy(stage, teller, second, "production", "failure")
  await rollBack(stage, teller, first, second)
  const components = await meanwhile()
  const gates = await beside()
  const watched = await apart()
  const moments = { ...decided, published, live, failed }
  return { first, second, merged, told, moments, components, gates, watched }
}

const FOURTH = "Meanwhile, by a clock that is moved by hand: what is live is watched, practised, and taken back"
const THIRD = "Meanwhile, in a third repository: gates that hold"
const SECOND = "Meanwhile, in a second repository: two components, released by pull requests"

async function install(stage: Stage, teller: Teller): Promise<void> {
  await teller.step("App installed", async () => {
    stage.github.installApp(OWNER)
    const run = await waitForCheck(stage, world(stage).branches.main ?? "", "there", () => true)
    return { what: `history, plan and configuration are read; “${run.title}”`, url: runUrl(stage, run) }
  })
}
