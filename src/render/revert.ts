import type { RevertRequest } from "../model/effect.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { fitBytes } from "./fit-bytes.ts"

/** https://github.com/orgs/community/discussions/27190 */
const BODY_LIMIT = 65_536
const NAMED_MOST = 500

/** The pull request that takes back what came between two releases, and the message of its one commit. */
export function renderRevert(it: RevertRequest): {
  readonly title: string
  readonly body: string
  readonly message: string
} {
  const title = `revert: go back from ${it.from.version} to ${it.to.version}`
  const named = it.commits.slice(0, NAMED_MOST)
  const taken = named.map((sha) => `This reverts commit ${sha}.`).join("\n")
  const body =
    `**${escapeMarkdown(it.environment)}** is rolled back from **${escapeMarkdown(it.from.version)}** to ` +
    `**${escapeMarkdown(it.to.version)}**, asked for by ${escapeMarkdown(it.by)}: ${escapeMarkdown(it.because)}\n\n` +
    `This takes back all that came between the two${it.own ? ` in the component's own files (${escapeMarkdown(it.own.paths.join(", "))})` : ""}; what landed on ${escapeMarkdown(it.base)} since stays. Read it, and ` +
    "merge it if what runs there is made from this branch. The environment stays locked until somebody unlocks it.\n\n" +
    taken
  return { title, body: fitBytes(body, BODY_LIMIT, "…"), message: `${title}\n\n${taken}` }
}
