import type { Subject } from "./gates/subject.ts"
import { isUnderWay } from "./joint/row.ts"
import { pullOf } from "./pull-of.ts"
import { departureOf } from "./timetable.ts"
import { instant } from "./wording.ts"

/** What a person does once every gate is passed. */
export function whenReady({ line, release, config, plan }: Subject): string {
  if (release.row && isUnderWay(release))
    return `${release.row.by} pressed Publish: the repositories come out one by one. Hold stops what is not out yet.`
  const pull = pullOf(line, release)
  if (pull)
    return `Every gate is passed. Merge #${pull.number}: the gates are looked at once more on the merge commit, and it is published.`
  const train = departureOf(line, release)
  if (train)
    return `Every gate is passed: it departs by itself on ${instant(train.due)}, if they are then. Publish does it now.`
  if (config.publish.mode === "auto" || release.pull?.is === "merged")
    return "Every gate is passed: it is published by itself, once everything was read afresh. Publish does it now."
  if (plan?.repositories)
    return "Every gate is passed, here and in the other repositories. Press Publish: they come out one by one, in the plan's order."
  return "Every gate is passed. Press Publish to tag and publish exactly this commit."
}

/** What a person does with a release that is not pinned yet; undefined: there is nothing to pin. */
export function whileDrafted({ line, release, config }: Subject): string | undefined {
  const pull = pullOf(line, release)
  if (pull)
    return `Press Approve to pin #${pull.number} as it is; until then every merge makes it anew, and replaces what others pushed to its branch.`
  if (config.publish.mode === "pull-request") return undefined
  if (config.publish.mode === "auto")
    return "It is published by itself as soon as every gate is passed; Approve pins this commit as the candidate."
  const train = departureOf(line, release)
  if (train)
    return `It is cut by itself on ${instant(train.cutoff)}, for the train of ${instant(train.due)}; Approve pins this commit as the candidate now.`
  return "Press Approve to pin this commit as the candidate; until then the draft follows the branch."
}
