import type { Guard } from "./guard.ts"

const STORIES = "test/act/kubernetes.test.ts"
const UNDO = "src/act/kubernetes/undo.ts"

/** What a way back may do to a cluster. */
export const clusterGuards: readonly Guard[] = [
  {
    tag: "private-api-server",
    file: "src/peers/kubernetes.ts",
    takenOut: [
      ["{ allowed, resolve, withinMs, abort }", "{ allowed: { check: () => true }, resolve, withinMs, abort }"],
    ],
    stories: [STORIES, "an API server at a private address is not asked"],
  },
  {
    tag: "change-over-a-change",
    file: UNDO,
    takenOut: [["present === undo.left ? mayNot(seen) : CHANGED", "present === CHANGED ? CHANGED : mayNot(seen)"]],
    stories: [STORIES, "is not put over what somebody else changed meanwhile"],
  },
  {
    tag: "deployment-kept-in-git",
    file: UNDO,
    takenOut: [["if (owner !== undefined) return", "if (owner === CHANGED) return"]],
    stories: [STORIES, "came to Argo CD"],
  },
  {
    tag: "back-to-the-bad-one",
    file: "src/decide/rollback/choose-revision.ts",
    takenOut: [["before.made > present.made !== (asked.isReturn === true) || ", ""]],
    stories: ["test/decide/choose-revision.test.ts", "what was left by a rollback just now"],
  },
]
