import type { Guard } from "./guard.ts"

const STORIES = "test/e2e/reported.test.ts"

export const reportGuards: readonly Guard[] = [
  {
    tag: "report-token",
    file: "src/store/report-tokens.ts",
    takenOut: [["timingSafeEqual(given, right)", "given.length > 0"]],
    stories: [STORIES, "a guessed token"],
  },
  {
    tag: "report-token-over",
    file: "src/store/report-tokens.ts",
    takenOut: [["if (isOver) return undefined", ""]],
    stories: [STORIES, "a token that was revoked, or whose time is over, lets nobody in"],
  },
  {
    tag: "report-reach",
    file: "src/store/report-tokens.ts",
    takenOut: [["named.filter(({ repo }) => isReached(reach, repo))", "named"]],
    stories: [STORIES, "another repository"],
  },
  {
    tag: "report-environment",
    file: "src/process/take-report.ts",
    takenOut: [["token.environments.length > 0 && !token.environments.some(isAllowed)", "false && !isAllowed('')"]],
    stories: [STORIES, "another environment than the token's"],
  },
  {
    tag: "report-window",
    file: "src/signals/report.ts",
    takenOut: [["if (age > OLDEST_MS)", "if (age > OLDEST_MS * 1e6)"]],
    stories: [STORIES, "an instant of the day before yesterday"],
  },
  {
    tag: "stable-goes-forward",
    file: "src/decide/pointers.ts",
    takenOut: [["gte(newest.version, at.version)", "newest.version !== at.version"]],
    stories: [
      "test/decide/pointers.test.ts",
      "what is deployed once more does not take the tag back, though the newer one was forgotten since",
    ],
  },
]
