import type { Guard } from "./guard.ts"

const STORIES = "test/attacks/environments.test.ts"

/** Guards of what lets a release into an environment. */
export const environmentGuards: readonly Guard[] = [
  {
    tag: "environment-of-the-deployment",
    file: "src/signals/protection-rule.ts",
    takenOut: [["isSameEnvironment(deployment.environment, environment)", "environment.length > 0"]],
    stories: [STORIES, "a question that names another environment than its deployment"],
  },
  {
    tag: "question-asked-again",
    file: "src/decide/promotion/requests.ts",
    takenOut: [["if (before && !isLaterId(signal.deployment, before.deployment)) return", ""]],
    stories: [STORIES, "a question that is asked again"],
  },
  {
    tag: "page-of-the-environment",
    file: "src/decide/promotion/clicks.ts",
    takenOut: [
      ["request.sha === click.sha && isPageOf(run, request, click)", "request.sha === click.sha"],
      ["entries[0].hash !== hashInEntryId(click.externalId)", "false"],
    ],
    stories: [STORIES, "an approval on the page of staging lets nothing into production"],
  },
  {
    tag: "page-of-another-deployment",
    file: "src/decide/promotion/clicks.ts",
    takenOut: [["entries[0].hash !== hashInEntryId(click.externalId)", "false"]],
    stories: [STORIES, "an approval that let one job in does not let in the next one"],
  },
  {
    tag: "spent-approval",
    file: "src/decide/promotion/requests.ts",
    takenOut: [["...taken, approvals, answers", "...taken, approvals: before?.approvals ?? approvals, answers"]],
    behind: [{ file: "src/decide/promotion/entry.ts", takenOut: [["...entry, ", ""]] }],
    stories: [STORIES, "a job that is run again asks again"],
  },
  {
    tag: "environment-in-force",
    file: "src/decide/promotion/entry.ts",
    takenOut: [["[now] : [inForce, now]", "[now] : [now]"]],
    stories: [STORIES, "who takes an environment's gate off the branch"],
  },
  {
    tag: "moved-tag",
    file: "src/decide/promotion/released.ts",
    takenOut: [["at === undefined || at === entry.release.phase.candidate.sha", "at === undefined || at !== null"]],
    stories: [STORIES, "a release whose tag was moved behind our back"],
  },
  {
    tag: "round-a-hold",
    file: "src/decide/promotion/requests.ts",
    takenOut: [["find(({ hold }) => hold)?.hold", "find(({ hold }) => !hold)?.hold"]],
    stories: [STORIES, "another run of the same commit does not go round a hold"],
  },
  {
    tag: "approver-read-again",
    file: "src/decide/promotion/answer.ts",
    takenOut: [["own(run.facts.learned.standings, by.login) !== undefined", "by.login !== undefined"]],
    behind: [
      {
        file: "src/observe/entries.ts",
        takenOut: [["approvals.map(({ by }) => by)", "approvals.slice(1).map(({ by }) => by)"]],
      },
    ],
    stories: [STORIES, "who left the team after they approved"],
  },
  {
    tag: "author-at-the-door",
    file: "src/decide/promotion/people.ts",
    takenOut: [["people.filter((who) => !isAuthor(one, who)).length", "people.filter((who) => one && who).length"]],
    stories: [STORIES, "who wrote a part of a release"],
  },
]
