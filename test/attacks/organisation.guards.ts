import type { Guard } from "./guard.ts"

const STORIES = "test/e2e/organisation.test.ts"

/** Guards of what an organisation says to the repositories that extend its file. */
export const organisationGuards: readonly Guard[] = [
  {
    tag: "organisation-floor",
    file: "src/config/read-config.ts",
    takenOut: [["loosened(floor, read.config)", "loosened(floor, floor)"]],
    stories: [STORIES, "the floor holds"],
  },
  {
    tag: "organisation-of-another-account",
    file: "src/observe/organisation.ts",
    takenOut: [["if (owner.toLowerCase() !== reader.repo.owner.toLowerCase()) {", "if (owner === repository) {"]],
    stories: [STORIES, "the file of another account is never reached"],
  },
  {
    tag: "stop-the-line",
    file: "src/decide/gates/stop.ts",
    takenOut: [['return { state: "failed",', 'return { state: "passed",']],
    stories: [STORIES, "a stop reaches a release that is ready", "a stop whose webhook was lost"],
  },
]
