import type { Guard } from "./guard.ts"

const STORIES = "test/attacks/approvals.test.ts"

export const approvalGuards: readonly Guard[] = [
  {
    tag: "left-the-team",
    file: "src/observe/release-needs.ts",
    takenOut: [["people.push(...decidersOf(release))", "people.push()"]],
    stories: [STORIES, "an approver who has left the team since"],
  },
  {
    tag: "force-push",
    file: "src/decide/follow-history.ts",
    takenOut: [["!holds(ledger, endOf(release.phase.candidate))", "!holds(ledger, ledger.head)"]],
    stories: [STORIES, "an approval of what was force-pushed away"],
  },
  {
    tag: "outlived-approval",
    file: "src/decide/approvals.ts",
    takenOut: [["a.candidate === candidate && ", ""]],
    stories: [STORIES, "a configuration that changes after an approval"],
  },
  {
    tag: "pinned-to-page",
    file: "src/decide/clicks.ts",
    takenOut: [
      [
        "pinnedAt(run, line, release, { sha, ...asked })",
        "pinnedAt(run, line, release, { sha: line.ledger?.head ?? sha, ...asked })",
      ],
    ],
    stories: [STORIES, "of two approvals that race a push"],
  },
  {
    tag: "publish-reads",
    file: "src/observe/line-needs.ts",
    takenOut: [['history: "if moved", config: true, plan: true, plans: true, rules: true }', "}"]],
    stories: [STORIES, "a Publish that races a stricter configuration"],
  },
]
