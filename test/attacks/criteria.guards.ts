import type { Guard } from "./guard.ts"

const STORIES = "test/decide/criteria.test.ts"

export const criteriaGuards: readonly Guard[] = [
  {
    tag: "criterion-that-nobody-approved",
    file: "src/decide/criteria/act.ts",
    takenOut: [['if (!watched.isApproved) return "no release was approved with this criterion yet"', ""]],
    stories: [STORIES, "of a file that no release was approved with yet tells, and rolls nothing back"],
  },
  {
    tag: "rollback-after-rollback",
    file: "src/decide/criteria/act.ts",
    takenOut: [["rollback?.to.release === broken.release && ", "false && "]],
    stories: [STORIES, "what came back is not left for an older one"],
  },
  {
    tag: "destructive-by-itself",
    file: "src/decide/rollback/begin.ts",
    takenOut: [["if (ask.automatic && stays.done.length", "if (stays.done.length > 99 && stays.done.length"]],
    stories: [
      "test/decide/rollback-lasting.test.ts",
      "is left to people where nobody knows any more what a release did",
    ],
  },
  {
    tag: "paused-environment",
    file: "src/decide/promotion/criteria.ts",
    takenOut: [["if (acted !== undefined)", 'if (acted === "")']],
    stories: [STORIES, "keeps the release out of the next environment until it is kept to for as long"],
  },
  {
    tag: "rollback-by-anybody",
    file: "src/decide/rollback/two-people.ts",
    takenOut: [["if (!may.may) return", 'if (!may.may && by.login === "") return']],
    stories: ["test/decide/two-people.test.ts", "who is on call may be the second, and not the first"],
  },
  {
    tag: "rollback-by-one",
    file: "src/decide/rollback/two-people.ts",
    takenOut: [["if (first && first.by.id !== by.id && !sameLogin(first.by.login, by.login))", "if (first)"]],
    stories: ["test/decide/two-people.test.ts", "one person who presses twice is one person"],
  },
]
