import type { Guard } from "./guard.ts"

const STORIES = "test/attacks/reviews.test.ts"

/** Guards of the review that stands for an approval where the risk is low. */
export const reviewGuards: readonly Guard[] = [
  {
    tag: "own-review",
    file: "src/decide/reviewed.ts",
    takenOut: [[" && !wrote(state, change, who)", ""]],
    stories: [STORIES, "who wrote a part of a pull request does not review it"],
  },
  {
    tag: "no-writer-reviews",
    file: "src/decide/reviewed.ts",
    takenOut: [[" && writers.has(who.id)", ""]],
    stories: [STORIES, "a reviewer who may write no more"],
  },
  {
    tag: "landed-otherwise",
    file: "src/decide/reviewed.ts",
    takenOut: [["if (!authorship.asShown)", "if (authorship === null)"]],
    stories: ["test/decide/risk.test.ts", "something else landed"],
  },
  {
    tag: "review-of-an-older-head",
    file: "src/observe/reviews.ts",
    takenOut: [[" && on === pull.headSha", ' && on !== ""']],
    stories: [STORIES, "a review of what was there before the last push"],
  },
  {
    tag: "latest-review",
    file: "src/observe/reviews.ts",
    takenOut: [
      ["latest.set(by.id, { by, state, on })", "if (!latest.has(by.id)) latest.set(by.id, { by, state, on })"],
    ],
    stories: [STORIES, "who approved, and asked for changes then"],
  },
  {
    tag: "dismissed-review",
    file: "src/observe/reviews.ts",
    takenOut: [[', "DISMISSED"]', "]"]],
    stories: [STORIES, "a review that was dismissed leaves no earlier one"],
  },
]
