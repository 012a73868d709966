import type { Guard } from "./guard.ts"

const STORIES = "test/attacks/people.test.ts"

export const peopleGuards: readonly Guard[] = [
  {
    tag: "outsider",
    file: "src/decide/approvals.ts",
    takenOut: [["if (!mayEverCount(standing)) return { may: false, because: whyNever(standing) }", ""]],
    stories: [
      STORIES,
      "an outside collaborator who may write approves",
      "an approver who has left the organisation since",
      "an approver who was suspended since",
    ],
  },
  {
    tag: "owners-before",
    file: "src/observe/release.ts",
    takenOut: [["readOwnersFiles(reader, tip, base)", "readOwnersFiles(reader, tip, undefined)"]],
    stories: [
      STORIES,
      "who takes the owners out of CODEOWNERS still asks them",
      "of owners who left since the release before an admin takes the place",
    ],
  },
  {
    tag: "owners-left",
    file: "src/decide/owners-before.ts",
    takenOut: [
      ["left(change) < askedFor(state, change, rule)", "left(change) >= 0"],
      ["required > 0 ?", "required < 0 ?"],
    ],
    stories: [STORIES, "an admin takes the place of no owner who is left"],
  },
  {
    tag: "owners-of-now",
    file: "src/decide/owners.ts",
    takenOut: [["before ? rulesOfBefore(", "true ? rulesOfBefore("]],
    stories: [STORIES, "an admin takes the place of no owner whom the newest file names"],
  },
  {
    tag: "outside-reviewer",
    file: "src/observe/approvers.ts",
    takenOut: [["answer.data.filter(({ id }) => !outside.value.has(id))", "answer.data"]],
    stories: [STORIES, "an outside collaborator's review covers no change of low risk"],
  },
  {
    tag: "suspended-reviewer",
    file: "src/observe/reviews.ts",
    takenOut: [['if (account.value === "in use") kept', "if (account.value) kept"]],
    stories: [STORIES, "a review covers no change of low risk once its reviewer was suspended"],
  },
  {
    tag: "stand-in-is-admin",
    file: "src/decide/approvals.ts",
    takenOut: [['rule.orAdmins && standing.permission === "admin"', "rule.orAdmins"]],
    stories: [
      STORIES,
      "of the only approver, who has left, an admin takes the place where others are named, and no writer",
    ],
  },
  {
    tag: "stand-ins",
    file: "src/decide/stand-ins.ts",
    takenOut: [
      ["able(change) < asked(change)", "able(change) >= 0"],
      ["words > 0 ?", "words < 0 ?"],
    ],
    stories: [
      STORIES,
      "an admin takes the place of nobody who is left, though other approvers are named",
      "an admin approves nothing past who is left, though they wrote a part of it",
    ],
  },
  {
    tag: "replaced-approvals",
    file: "src/decide/gates/configuration.ts",
    takenOut: [["saysAnew(before, config, release.component) ?", "before ?"]],
    stories: [STORIES, "an admin takes the place of nobody for another change of the gates"],
  },
]
