import type { Guard } from "./guard.ts"

const STORIES = "test/decide/drill.test.ts"

export const drillGuards: readonly Guard[] = [
  {
    tag: "drill-undeclared",
    file: "src/decide/drill/why-not.ts",
    takenOut: [["if (declared?.rules.drill === undefined)", "if (declared === undefined)"]],
    stories: [STORIES, "where none is declared", "where one is declared, and nobody approved that yet"],
  },
  {
    tag: "drill-without-right",
    file: "src/process/take-report.ts",
    takenOut: [['read.is === "drill" && !token.drills', 'read.is === "drill" && token.id === ""']],
    stories: ["test/e2e/drill.test.ts", "a token that only reports"],
  },
  {
    tag: "drill-destructive",
    file: "src/decide/drill/why-not.ts",
    takenOut: [["if (stays.done.length + stays.unread.length > 0)", "if (stays.done.length > 1_000)"]],
    stories: [STORIES, "where going back would not undo everything, nobody practises"],
  },
  {
    tag: "after-in-a-drill",
    file: "src/decide/promotion/after.ts",
    takenOut: [["if (drill && [drill.from.sha, drill.to.sha].includes(sha))", 'if (drill && sha === "")']],
    stories: [
      STORIES,
      "while a drill is under way neither release enters the environment behind it, and both may afterwards",
    ],
  },
  {
    tag: "stale-drill",
    file: "src/decide/promotion/drilled.ts",
    takenOut: [["if (entry.at >= until)", 'if (until === "")']],
    stories: [STORIES, "a drill that is older than asked for lets nothing in any more"],
  },
  {
    tag: "rollback-number-of-another",
    file: "src/decide/deployments.ts",
    takenOut: [[" && handles[rollbackTarget(rollback)]?.id === deployment", " && rollbackTarget(rollback) in handles"]],
    stories: [STORIES, "who gives a deployment the number of a drill that is over goes round the gates all the same"],
  },
]
