import type { Guard } from "./guard.ts"

const INCIDENT = "src/decide/rollback/incident.ts"
const STORIES = "test/decide/incident.test.ts"

export const incidentGuards: readonly Guard[] = [
  {
    tag: "late-incident",
    file: INCIDENT,
    takenOut: [["if (Date.parse(at) - Date.parse(since) > LATE_MS)", "if (Date.parse(since) > Date.parse(at))"]],
    stories: [STORIES, "a label that is older than an hour"],
  },
  {
    tag: "label-that-nobody-approved",
    file: INCIDENT,
    takenOut: [["return home && approved.incident", "return home || approved.incident"]],
    stories: [STORIES, "a label that no release was approved with asks for nothing"],
  },
  {
    tag: "incident-of-a-stranger",
    file: INCIDENT,
    takenOut: [["if (!isOurs)", "if (!isOurs && author === undefined)"]],
    stories: [STORIES, "a stranger's issue"],
  },
  {
    tag: "goal-of-another",
    file: INCIDENT,
    takenOut: [["return says.to.length > 0", "return says.to.length > 9"]],
    stories: [STORIES, "a colleague's issue that says where to"],
  },
  {
    tag: "two-people-two-goals",
    file: "src/decide/rollback/two-people.ts",
    takenOut: [["first?.release === release && first.to === to", "first?.release === release"]],
    stories: [STORIES, "who asks for another release to come back is the first of two for that one"],
  },
]
