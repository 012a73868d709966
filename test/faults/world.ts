import type { SlackMessage } from "../../demo/peers/slack.ts"
import type { Theatre } from "./theatre.ts"

/**
 * All that people see of a story: branches, tags, releases, checks with their pages and buttons, deployments, issues,
 * comments, and every Slack message in its thread. What no two runs have in common (ids, commits, times, addresses) is
 * named by its first appearance, so that two worlds are equal exactly if everything else is.
 */
export async function worldOf({ github, slack }: Theatre): Promise<unknown> {
  const repositories = Object.values(github.world()).map((it) => {
    const heads = [...new Set(it.checkRuns.map(({ headSha }) => headSha))]
    const place = (run: { headSha: string; name: string }) =>
      `${String(heads.indexOf(run.headSha)).padStart(3)} ${run.name}`
    return {
      ...it,
      releases: it.releases.map(withoutId).sort((a, b) => order(a.tagName, b.tagName)),
      checkRuns: it.checkRuns.map(withoutId).sort((a, b) => order(place(a), place(b))),
      deployments: it.deployments.map(withoutId),
    }
  })
  const messages = (await slack.messages("releases")).map(seen)
  return withoutAccidents({ repositories, messages })
}

const withoutId = <Row extends { id: number }>({ id: _, ...row }: Row): Omit<Row, "id"> => row

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const seen = ({ text, blocks, metadata, replies }: SlackMessage): object => ({
  text,
  blocks,
  target: metadata?.event_payload.target,
  replies: replies.map(seen),
})

const ACCIDENTS =
  /(?<origin>http:\u200B?\/\/(?:127\.0\.0\.1|localhost):\d+)|(?<time>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?)?)|(?<span>\b\d+ (?:s|min)\b)|(?<channel>\bC[0-9A-F]{9}\b)|(?<ts>\bp?\d{10}\.?\d{6}\b)|(?<run>\/runs\/\d+)|(?<lines>(?<=slipway:release of=)[\w-]+)|(?<id>(?<=\/change-|"reply:\d+:\w+:\w+:)\d+)|(?<hash>\b[0-9a-f]{7,64}\b)/g

/** GitHub's settings are looked at a minute after the first page: whether a page that stays tells of them is a matter of time. */
const SETTINGS = /## Warnings\\n\\n- ⚠️ \d+ ways? round Slipway (?:(?!\\n).)*\\n\\n(?!- )/g

/**
 * What a post-mortem tells from the audit trail: which of two things was decided first, and what was decided in between and is
 * over by now, is a matter of time. That nothing is recorded twice is shown elsewhere.
 */
const TRAIL = /## Timeline\\n\\n(?:(?!## What ).)*|When it asked to enter:\\n\\n(?:(?!## Who ).)*/g

/** Times, addresses and the sums of lines that hold them lose all; a hash and an id keep which other they equal. */
function withoutAccidents(world: unknown): unknown {
  const known = new Map<string, string>()
  const text = JSON.stringify(world)
    .replace(SETTINGS, "")
    .replace(TRAIL, "")
    .replace(ACCIDENTS, (found, ...rest) => {
      const groups = rest.at(-1) as { readonly [kind: string]: string | undefined }
      const kind = Object.keys(groups).find((name) => groups[name] !== undefined) ?? ""
      if (kind !== "hash" && kind !== "id") return `<${kind}>`
      const name = known.get(found) ?? `<${kind} ${known.size + 1}>`
      known.set(found, name)
      return name
    })
  return JSON.parse(text) as unknown
}
