import type { EffectOf } from "../../model/effect.ts"
import { type Family, refused } from "../context.ts"
import { rawOf } from "./objects.ts"
import { ownerOf } from "./owner.ts"
import { undoPatch } from "./patch.ts"
import { notDone, type OnCluster, pathOf, readDeployment, type Seen } from "./read.ts"
import { isExact, ownTemplate, templateHash } from "./template.ts"

/** A controller writes the status of what it rolls out every other second: each time the version is another one. */
const TRIES = 5

/**
 * Takes a Deployment from one pod template to another, both named. Which of the two it has says whether that happened: an
 * attempt that was cut off is known by it, and a third one is somebody else's, which nothing is put over.
 */
export const kubernetesUndo: Family<"kubernetes-undo", OnCluster> = async ({ content }, context) => {
  if (context.handle) return { is: "done", handle: context.handle }
  const { place, undo } = content
  for (let tried = 0; tried < TRIES; tried++) {
    const seen = await readDeployment(place, context)
    if ("is" in seen) return seen
    const present = templateHash(seen.deployment.spec.template)
    if (present === undo.template) return { is: "done", handle: { id: undo.template } }
    // guard: change-over-a-change
    const wrong = present === undo.left ? mayNot(seen) : CHANGED
    if (wrong !== undefined) return refused("taken", `the Deployment ${place.deployment} ${wrong}`)
    const revision = seen.sets.find(({ spec }) => templateHash(spec.template) === undo.template)
    if (!revision) return refused("invalid", goneSays(content))
    if (!isExact(rawOf(ownTemplate(revision.spec.template)))) return refused("invalid", INEXACT)
    const path = `${pathOf(place)}?fieldManager=slipway`
    const answer = await context.ask({ place, path, patch: undoPatch(seen.deployment, revision) }, context.signal)
    if (answer.is === "answer" && answer.status === 200) return { is: "done", handle: { id: undo.template } }
    if (answer.is !== "answer" || answer.status !== 409) return notDone(place, answer)
  }
  return { is: "retry", because: `others wrote to the Deployment ${place.deployment} each time it was to be changed` }
}

const CHANGED =
  "was changed by somebody else meanwhile: its pod template is neither the one that was looked at nor the earlier one"
const INEXACT = "its pod template holds a number that cannot be written back as it is: use kubectl rollout undo"

function mayNot({ deployment }: Seen): string | undefined {
  const owner = ownerOf(deployment)
  // guard: deployment-kept-in-git
  if (owner !== undefined) return `is kept by ${owner}: it is rolled back in Git`
  return deployment.spec.paused ? "is paused" : undefined
}

const goneSays = ({ place, undo }: EffectOf<"kubernetes-undo">["content"]): string =>
  `revision ${undo.revision} of the Deployment ${place.deployment} is not kept any more`
