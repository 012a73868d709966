import type { Guard } from "./guard.ts"

const STORIES = "test/attacks/deployments.test.ts"

export const deploymentGuards: readonly Guard[] = [
  {
    tag: "unreleased-commit",
    file: "src/decide/promotion/find-release.ts",
    takenOut: [
      ['release.phase.is === "published" && release.phase.candidate.sha === sha', 'release.phase.is === "published"'],
    ],
    stories: [STORIES, "a commit that was not released does not enter"],
  },
  {
    tag: "deployed-of-several",
    file: "src/decide/deployments.ts",
    takenOut: [["at.every(({ component }) => component === newest.component)", "at.length > 0"]],
    stories: [
      "test/decide/entries-apart.test.ts",
      "deployed to an environment that the configuration does not name is in the audit alone",
    ],
  },
  {
    tag: "environment-by-another-name",
    file: "src/model/entry-rules.ts",
    takenOut: [["isSameEnvironment(other, name)", "other === name"]],
    stories: [STORIES, "an environment that is written in another way"],
  },
  {
    tag: "approval-before-the-question",
    file: "src/decide/promotion/gates.ts",
    takenOut: [["lead.approvals.filter(({ at }) => at >= request.at)", "lead.approvals"]],
    stories: ["test/decide/entries-apart.test.ts", "that was given before a run asked does not let that run in"],
  },
  {
    tag: "run-of-another-repository",
    file: "src/signals/protection-rule.ts",
    takenOut: [["if (!url.toLowerCase().startsWith(start)) return undefined", ""]],
    stories: [STORIES, "a question that names the run of another repository"],
  },
  {
    tag: "one-entry",
    file: "src/decide/promotion/one-entry.ts",
    takenOut: [[", approvals: [], round: verdict.round + 1", ""]],
    stories: ["test/attacks/verdicts.test.ts", "an approval of the entry before"],
  },
  {
    tag: "live-unasked",
    file: "src/decide/desired.ts",
    takenOut: [['if (live?.unasked === true) return "action_required"', ""]],
    stories: ["test/attacks/verdicts.test.ts", "a deployment status that somebody writes"],
  },
  {
    tag: "drift-before",
    file: "src/decide/promotion/after.ts",
    takenOut: [["if (drift) return", "if (drift && drift.sha === live.sha) return"]],
    stories: [
      "test/decide/places.test.ts",
      "nothing enters behind an environment that drifts, though what is asked for was live there",
    ],
  },
]
