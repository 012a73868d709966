import type { Guard } from "./guard.ts"

export const clickGuards: readonly Guard[] = [
  {
    tag: "late-rollback",
    file: "src/decide/rollback/click.ts",
    takenOut: [["if (late !== undefined)", 'if (late === "")']],
    stories: ["test/decide/late-presses.test.ts", "of more than an hour ago takes nothing back"],
  },
  {
    tag: "replayed-press",
    file: "src/decide/presses.ts",
    takenOut: [["presses.includes(signed)", "false"]],
    stories: ["test/attacks/clicks.test.ts", "a click that comes again under another name"],
  },
  {
    tag: "moved-under-click",
    file: "src/decide/clicks.ts",
    takenOut: [["candidateHash(run.state, line, seen) !== hash &&", "false &&"]],
    stories: ["test/attacks/clicks.test.ts", "a click that is replayed under another name"],
  },
  {
    tag: "old-page",
    file: "src/decide/clicks.ts",
    takenOut: [["release.shown?.sha !== click.sha ||", ""]],
    stories: ["test/attacks/clicks.test.ts", "a click on an old check run"],
  },
  {
    tag: "foreign-check-run",
    file: "src/signals/check-run.ts",
    takenOut: [["return isOurs ? [clicked(payload, run, at)] : []", "return [clicked(payload, run, at)]"]],
    stories: ["test/attacks/clicks.test.ts", "a click on a check run of another App with our name"],
  },
]
