import type { Guard } from "./guard.ts"

const STORIES = "test/attacks/authors.test.ts"

export const authorGuards: readonly Guard[] = [
  {
    tag: "co-author",
    file: "src/observe/authorship.ts",
    takenOut: [["coAuthors(commit.message, byEmail)", "[] as string[]"]],
    stories: [STORIES, "a co-author of a squashed commit"],
  },
  {
    tag: "branch-commits",
    file: "src/observe/authorship.ts",
    takenOut: [["...listed.map((commit) => committed(commit, byEmail)),", ""]],
    stories: [STORIES, "who committed to somebody else's pull request"],
  },
  {
    tag: "second-identity",
    file: "src/observe/authorship.ts",
    takenOut: [["author === undefined\n      ? [noAccount(sha, authorName)]", "author === undefined\n      ? []"]],
    stories: [STORIES, "a commit with an e-mail address that GitHub does not know"],
  },
  {
    tag: "renamed-author",
    file: "src/decide/approvals.ts",
    takenOut: [
      ["ids.includes(id) ||", ""],
      ["other.id === id || sameLogin", "sameLogin"],
    ],
    stories: [STORIES, "an author does not get another person by another login"],
  },
  {
    tag: "taken-over-login",
    file: "src/observe/standing.ts",
    takenOut: [["user && String(user.id) !== id", "false"]],
    stories: [STORIES, "who takes over the login of somebody who approved"],
  },
  {
    tag: "own-branch",
    file: "src/observe/authorship.ts",
    takenOut: [["pull.from === undefined", "true"]],
    stories: ["test/attacks/own-branch.test.ts", "a commit in Slipway's own name on its branch"],
  },
]
