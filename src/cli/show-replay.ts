import { CATEGORIES } from "../decide/replay-difference.ts"
import { count } from "../render/words.ts"
import type { Terminal } from "./command.ts"
import { countReasons, type Replay } from "./history/replay-clone.ts"
import type { Replayed, Share } from "./history/replay-releases.ts"
import { paint, plain } from "./paint.ts"

const FAULT = "no rule explains it: please report it, it is Slipway's fault"

/** A replay for people: every release in a line, then the shares, then the reasons. */
export function showReplay(found: Replay, terminal: Terminal): string {
  const bold = (text: string) => paint(terminal, "bold", text)
  const shown = found.components.filter(({ releases }) => releases.length > 0)
  if (shown.length === 0) {
    const tags = found.components.map(({ tag }) => `\`${tag}\``).join(", ")
    return `No release to replay: no tag of this clone follows ${plain(tags)}.\n`
  }
  const lists = shown.flatMap(({ name, tag, releases }) => [
    "",
    bold(plain(`${name === "" ? found.repository : `${found.repository}, ${name}`}: tags such as ${tag}`)),
    ...releaseLines(releases, terminal),
  ])
  return [...lists, "", ...shares(found, terminal), ...reasons(found, terminal), ""].join("\n").trimStart()
}

function releaseLines(releases: readonly Replayed[], terminal: Terminal): readonly string[] {
  const width = Math.max(...releases.map(({ release }) => release.version.length))
  return releases.map(({ release, answer, verdict }) => {
    const what = `${release.version.padEnd(width)}  ${paint(terminal, "dim", release.at.slice(0, 10))}`
    switch (verdict.is) {
      case "agrees":
        return `  ${paint(terminal, "green", "=")} ${what}`
      case "first":
        return `  ${paint(terminal, "dim", "·")} ${what}  the first release`
      case "differs":
        return `  ${paint(terminal, "yellow", "≠")} ${what}  ${instead(answer, width)}  ${plain(`${verdict.category}: ${verdict.because}`)}`
      case "unexplained":
        return `  ${paint(terminal, "red", "!")} ${what}  ${instead(answer, width)}  ${FAULT}`
      default:
        return verdict satisfies never
    }
  })
}

const instead = (answer: string | null, width: number): string => `Slipway ${(answer ?? "none").padEnd(width)}`

function shares({ stable, prereleases, better, config }: Replay, terminal: Terminal): readonly string[] {
  if (stable.of + prereleases.of === 0) return ["Nothing to compare yet: a first release may have any version."]
  const share = paint(terminal, ["bold", stable.agreed === stable.of ? "green" : "yellow"], percent(stable))
  const { zero, other } = config.version
  return [
    `${share} agree: ${stable.agreed} of ${count(stable.of, "stable release")}, with \`version: { zero: ${zero}, other: ${other} }\`.`,
    ...(prereleases.of > 0
      ? [`${percent(prereleases)} of the prereleases: ${prereleases.agreed} of ${prereleases.of}, their channel given.`]
      : []),
    ...(better
      ? [
          `${percent(better.share)} would, with \`version: { zero: ${better.version.zero}, other: ${better.version.other} }\`: ${better.share.agreed} of ${better.share.of}.`,
        ]
      : []),
  ]
}

const percent = ({ agreed, of }: Share): string => (of === 0 ? "None" : `${((100 * agreed) / of).toFixed(1)} %`)

function reasons(found: Replay, terminal: Terminal): readonly string[] {
  const counts = [...countReasons(found)]
  if (counts.length === 0) return []
  return [
    "",
    paint(terminal, "bold", "Why the others differ"),
    ...counts.map(([reason, times]) => {
      const says = reason === "unexplained" ? FAULT : CATEGORIES[reason]
      return `  ${String(times).padStart(4)}  ${reason.padEnd(18)}  ${says}`
    }),
  ]
}
