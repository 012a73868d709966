import type { Guard } from "./guard.ts"

const STORIES = "test/attacks/hotfix.test.ts"

export const hotfixGuards: readonly Guard[] = [
  {
    tag: "hotfix-by-its-own-file",
    file: "src/model/entry-rules.ts",
    takenOut: [["const home = own(lines, defaultBranch)", "const home = own(lines, line.branch)"]],
    stories: [STORIES, "a hotfix that changes the way of hotfixes"],
  },
  {
    tag: "hotfix-of-what-is-not-live",
    file: "src/decide/promotion/hotfix.ts",
    takenOut: [["bases.find(({ sha }) => sha === live.sha)", "bases.find(({ sha }) => sha !== live.sha)"]],
    stories: [STORIES, "what was made from something else than what is live"],
  },
  {
    tag: "hotfix-taken-back",
    file: "src/decide/gates/back.ts",
    takenOut: [["if (missing.length === 0) return null", "if (missing.length >= 0) return null"]],
    stories: [STORIES, "a release that would take a hotfix back"],
  },
  {
    tag: "hotfix-taken-back-there",
    file: "src/decide/promotion/back.ts",
    takenOut: [["!has(state, release, hotfix)", "!has(state, hotfix, hotfix)"]],
    stories: [STORIES, "a release that was out before a hotfix"],
  },
]
