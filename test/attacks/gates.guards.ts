import type { Guard } from "./guard.ts"

/** Guards of the gates themselves: of what they rest on, and of taking them away. */
export const gateGuards: readonly Guard[] = [
  {
    tag: "forged-status",
    file: "src/model/evidence.ts",
    takenOut: [['(report.kind === "check" && report.appId === appId)', "true"]],
    stories: [
      "test/attacks/evidence.test.ts",
      "a commit status of that name, set with a person's token",
      "a check run of that name, made by another App",
    ],
  },
  {
    tag: "ticked-by-another",
    file: "src/decide/gates/checklist.ts",
    takenOut: [["if (closedBy.toLowerCase() === by?.toLowerCase())", "if (closedBy !== undefined)"]],
    stories: ["test/decide/checklist.test.ts", "closed by another", "who closed it, and what label it has"],
  },
  {
    tag: "changed-gates",
    file: "src/decide/gates/configuration.ts",
    takenOut: [["changed.length > 0", "false"]],
    stories: ["test/attacks/gates-taken-out.test.ts", "who drops a gate behind a candidate"],
  },
  {
    tag: "plan-in-force",
    file: "src/decide/changed-gates.ts",
    takenOut: [["plan && seenHash(line.plan) !== plan.hash", "false"]],
    stories: ["test/attacks/gates-taken-out.test.ts", "who deletes the plan that stands in the way"],
  },
  {
    tag: "plans-in-force",
    file: "src/decide/changed-gates.ts",
    takenOut: [["if (!old || now.some(", "if (old || now.some("]],
    stories: [
      "test/decide/plan-folder.test.ts",
      "nobody takes a plan away behind a candidate by their own word",
      "one that takes the place of the plan in force has to be approved, too",
    ],
  },
  {
    tag: "files-of-the-branch",
    file: "src/observe/files.ts",
    takenOut: [["getContent({ ...at, path, ...ref })", 'getContent({ ...at, path, ref: "refs/pull/2/head" })']],
    stories: ["test/attacks/gates-taken-out.test.ts", "a pull request that takes the gates out"],
  },
  {
    tag: "files-of-a-fork",
    file: "src/observe/files.ts",
    takenOut: [["getContent({ ...at, path, ...ref })", 'getContent({ ...at, path, ref: "refs/pull/2/head" })']],
    stories: ["test/attacks/forks.test.ts", "a pull request of a fork that takes the gates out"],
  },
  {
    tag: "first-configuration",
    file: "src/decide/learn.ts",
    takenOut: [["isJudged(line, state) ? DEFAULT_CONFIG : ", ""]],
    stories: ["test/attacks/gates-taken-out.test.ts", "the first configuration, behind a candidate"],
  },
  {
    tag: "own-checks",
    file: "src/observe/observe.ts",
    takenOut: [["(run) => run.appId === appId", '(run) => run.appId === appId || run.name.startsWith("Slipway / ")']],
    stories: ["test/attacks/forks.test.ts", "a job of a fork that takes the name of our checks"],
  },
  {
    tag: "foreign-tag",
    file: "src/decide/release-changes.ts",
    takenOut: [["isFirst && ledger ? vouchedFrom(ledger, release.previous) : ", ""]],
    stories: [
      "test/attacks/tags.test.ts",
      "tag that somebody pushes does not take the changes behind it out of four eyes",
      "tag of a component neither",
      "on a channel a candidate's tag that somebody pushes",
    ],
  },
  {
    tag: "stranger",
    file: "src/app.ts",
    takenOut: [["if (!serves) {", "if (serves === undefined) {"]],
    stories: [
      "test/attacks/strangers.test.ts",
      "an account that is not served gets nothing done",
      "a deployment of an account that is not served",
    ],
  },
  {
    tag: "gate-app",
    file: "gate/verdict.js",
    takenOut: [["run.app?.id === appId", "run.id > 0"]],
    stories: ["test/gate/gate.test.ts", "a forged one of another App", "a forged one of the job itself"],
  },
  {
    tag: "measured-afresh",
    file: "src/decide/publication.ts",
    takenOut: [['by.is === "metric" && own(learned.metrics', 'by.is !== "metric" && own(learned.metrics']],
    stories: ["test/decide/checklist.test.ts", "nothing is published by a number"],
  },
  {
    tag: "ticked-by-old-number",
    file: "src/decide/gates/ticked-metric.ts",
    takenOut: [["> STALE_MS", "> Number.MAX_VALUE"]],
    stories: ["test/decide/checklist.test.ts", "a metric is asked at once"],
  },
]
