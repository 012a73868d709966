import type { Guard } from "./guard.ts"

const STORIES = "test/attacks/together.test.ts"
const STORE = "test/store/neighbours.test.ts"

/** Guards of releases that come out with those of other repositories. */
export const togetherGuards: readonly Guard[] = [
  {
    tag: "uninvited",
    file: "src/decide/joint/offer-at.ts",
    takenOut: [["lets.some((name) => isSameRepository(name, fullName(repo)))", "lets.length >= 0"]],
    stories: [STORIES, "a plan names a release that does not let itself be named"],
  },
  {
    tag: "place-of-another-account",
    file: "src/decide/joint/offer-at.ts",
    takenOut: [["if (!isSameAccount(place.repo, repo))", 'if (place.repo === "")']],
    stories: [STORIES, "a plan names a repository of another account"],
  },
  {
    tag: "out-of-turn",
    file: "src/decide/gates/together.ts",
    takenOut: [["if (row.turn !== at)", "if (row.turn < 0)"]],
    stories: [STORIES, "a release goes before its turn"],
  },
  {
    tag: "turn-of-another-commit",
    file: "src/decide/gates/together.ts",
    takenOut: [["if (row.places[at]?.sha !== sha)", "if (row.places[at] === undefined)"]],
    stories: [STORIES, "a turn that was given to another commit"],
  },
  {
    tag: "old-answer",
    file: "src/decide/joint/row.ts",
    takenOut: [["if (offer.answer?.row !== row.id || offer.answer.sha !== place.sha)", "if (!offer.answer)"]],
    stories: [STORIES, "an answer to an earlier press"],
  },
  {
    tag: "row-by-its-own-gates",
    file: "src/decide/joint/row.ts",
    takenOut: [["const open = subject ? notPassed(gatesOfRelease(subject)) : []", "const open = notPassed([])"]],
    stories: [STORIES, "a hold while the others are asked"],
  },
  {
    tag: "neighbours-read-afresh",
    file: "src/decide/publication.ts",
    takenOut: [["own(learned.neighbours, name) === undefined", "learned === undefined"]],
    stories: [STORIES, "what was known of another repository before"],
  },
  {
    tag: "neighbour-of-another-installation",
    file: "src/store/neighbours.ts",
    takenOut: [["and repo ->> 'installation' = ", "and '' <> "]],
    stories: [STORE, "shows nothing of a repository of another installation"],
  },
  {
    tag: "neighbour-of-another-account",
    file: "src/store/neighbours.ts",
    takenOut: [["and lower(repo ->> 'owner') = ", "and '' <> "]],
    stories: [STORE, "shows nothing of a repository of another account"],
  },
  {
    tag: "listener-of-another-installation",
    file: "src/store/listeners.ts",
    takenOut: [["and repo ->> 'installation' = ", "and '' <> "]],
    stories: [STORE, "tells nobody of another installation or account"],
  },
  {
    tag: "row-that-stopped",
    file: "src/decide/joint/called-by.ts",
    takenOut: [['lead.row.is !== "stopped"', "lead.row.places.length > 0"]],
    stories: ["test/attacks/together.test.ts", "names a release only since its row stopped"],
  },
  {
    tag: "plan-never-read",
    file: "src/decide/joint/called-by.ts",
    takenOut: [["if (calls.length === before) unread ??=", "if (calls.length < 0) unread ??="]],
    stories: [STORIES, "a plan that nobody could read yet"],
  },
  {
    tag: "left-in-order",
    file: "src/decide/gates/together.ts",
    takenOut: [["if (at === 0 || !first)", "if (at >= 0 || !first)"]],
    stories: [STORIES, "a release overtakes the one at which a row stopped"],
  },
  {
    tag: "feature-of-another-account",
    file: "src/decide/gates/feature-elsewhere.ts",
    takenOut: [["if (!isSameAccount(repo, subject.repo))", 'if (repo === "")']],
    stories: [STORIES, "a plan needs a feature of another account"],
  },
  {
    tag: "feature-of-a-private-repository",
    file: "src/decide/gates/feature-elsewhere.ts",
    takenOut: [["if (neighbour.isPrivate && !lets", "if (!neighbour.isPrivate && !lets"]],
    stories: ["test/decide/features-elsewhere.test.ts", "of a private repository, unasked"],
  },
  {
    tag: "needed-before",
    file: "src/decide/gates/feature-elsewhere.ts",
    takenOut: [["if (at >= 0 && at < itself)", "if (at >= 0)"]],
    stories: ["test/decide/features-elsewhere.test.ts", "comes out after it"],
  },
]
