import type { Guard } from "./guard.ts"

const INCIDENT = "src/decide/rollback/incident.ts"
const STORIES = "test/decide/incident.test.ts"

const ATTACKS = "test/attacks/incidents.test.ts"

export const incidentGuards: readonly Guard[] = [
  {
    tag: "incident-by-nobody",
    file: INCIDENT,
    takenOut: [["const not = whyNobody(run, signal) ?? ", "const not = "]],
    behind: [
      {
        file: "src/decide/rollback/two-people.ts",
        takenOut: [["if (!may.may) return", 'if (!may.may && by.login === "") return']],
      },
    ],
    stories: [ATTACKS, "a stranger whose issue a form labels"],
  },
  {
    tag: "late-incident",
    file: INCIDENT,
    takenOut: [["if (isLate(run, since))", 'if (since === "")']],
    stories: [STORIES, "a label that is older than an hour"],
  },
  {
    tag: "label-that-nobody-approved",
    file: INCIDENT,
    takenOut: [["return approved?.label.toLowerCase() === label.toLowerCase()", 'return label !== ""']],
    stories: [STORIES, "a label that no release was approved with asks for nothing"],
  },
  {
    tag: "label-off",
    file: "src/decide/rollback/labels-off.ts",
    takenOut: [["all.find((off) => off.since >= since)", 'all.find((off) => off.since === "")']],
    stories: [STORIES, "nobody asks"],
  },
  {
    tag: "two-words-of-one-issue",
    file: INCIDENT,
    takenOut: [["if (before) withdrawWord(run, before)", 'if (before?.by === "") withdrawWord(run, before)']],
    stories: [STORIES, "cleo is the first of two"],
  },
  {
    tag: "incident-of-a-stranger",
    file: INCIDENT,
    takenOut: [["if (because !== undefined) return `what", 'if (because === "") return `what']],
    stories: [ATTACKS, "a stranger who rewrites their issue as somebody labels it is not followed"],
  },
  {
    tag: "goal-of-another",
    file: INCIDENT,
    takenOut: [["return says.to.length > 0", "return says.to.length > 9"]],
    stories: [ATTACKS, "a colleague who rewrites theirs does not choose the release that comes back"],
  },
  {
    tag: "two-people-two-goals",
    file: "src/decide/rollback/two-people.ts",
    takenOut: [["first?.release === release && first.to === to", "first?.release === release"]],
    stories: [STORIES, "who asks for another release to come back is the first of two for that one"],
  },
]
