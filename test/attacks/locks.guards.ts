import type { Guard } from "./guard.ts"

const STORIES = "test/attacks/locks.test.ts"

export const lockGuards: readonly Guard[] = [
  {
    tag: "locked-environment",
    file: "src/decide/promotion/locked.ts",
    takenOut: [["  if (lock) return { gate", '  if (lock && lock.by === "") return { gate']],
    stories: [STORIES, "nothing enters a locked environment"],
  },
  {
    tag: "unlock-by-anybody",
    file: "src/decide/promotion/lock-clicks.ts",
    takenOut: [["  if (!may.may) return may.because\n", ""]],
    stories: [STORIES, "who may not approve there does not unlock it"],
  },
  {
    tag: "unlock-of-an-earlier-lock",
    file: "src/decide/promotion/lock-clicks.ts",
    takenOut: [["if (!isOfLock(click, lock))", 'if (lockId(lock) === "")']],
    stories: [STORIES, "an old press of Unlock does not open a later lock"],
  },
]
