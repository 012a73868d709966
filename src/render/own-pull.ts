import type { OwnPull } from "../model/effect.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { bytesOf } from "./fit-bytes.ts"
import { fitNotes } from "./notes.ts"

/**
 * GitHub refuses a longer description of a pull request. In characters; counted in bytes, of which there are never
 * fewer. https://github.com/orgs/community/discussions/27190
 */
const BODY_LIMIT = 65_536

/** The invisible comment by which a person or a program knows whose pull request it is. */
const marker = ({ purpose, repositoryId, release }: OwnPull): string =>
  `<!-- slipway:${purpose} repo=${repositoryId} id=${release} -->`

/** Title and description, and the message of its one commit, which a squash takes over. */
export function renderOwnPull(pull: OwnPull): {
  readonly title: string
  readonly body: string
  readonly message: string
} {
  const title = TITLE[pull.purpose](nameOf(pull))
  const head = `${marker(pull)}\n${INTRODUCTION[pull.purpose](pull)}\n\n## ${escapeMarkdown(pull.notes.tag)}\n\n`
  const body = `${head}${withoutMarkers(fitNotes(pull.notes, BODY_LIMIT - bytesOf(head)))}`
  return { title, body, message: title }
}

/** What is released; without components the repository is. */
const nameOf = ({ component, version }: OwnPull): string => (component === "" ? version : `${component} ${version}`)

const shownName = (pull: OwnPull): string => nameOf({ ...pull, component: escapeMarkdown(pull.component) })

const TITLE: { readonly [Purpose in OwnPull["purpose"]]: (name: string) => string } = {
  release: (name) => `chore(release): ${name}`,
  changelog: (name) => `docs(changelog): add ${name}`,
  back: (name) => `chore(hotfix): bring ${name} back`,
}

const INTRODUCTION: { readonly [Purpose in OwnPull["purpose"]]: (pull: OwnPull) => string } = {
  release: (pull) =>
    `Merging this releases **${shownName(pull)}** from ${escapeMarkdown(pull.base)}: it sets the version ` +
    `and adds the changelog's entry. The check **${checkOf(pull)}** on its last commit shows every gate, ` +
    "and its **Approve** pins that commit.\n\n" +
    "Slipway keeps it up to date with one commit, made anew with every merge until it is approved: what others push " +
    "here is replaced then. Once merged, the gates are looked at again on the merge commit, and the release is " +
    "published when all are passed. Closing it holds the release.",
  changelog: (pull) =>
    `**${shownName(pull)}** is published; this adds its entry to the changelog of ` +
    `${escapeMarkdown(pull.base)}. Merging it releases nothing.`,
  back: (pull) => BACK(pull),
}

const BACK = (pull: OwnPull): string =>
  `The hotfix **${shownName(pull)}** is published; this brings it to ${escapeMarkdown(pull.base)}, so that no later release ` +
  "takes it back. **Merge it with a merge commit**, so that the branch goes on from its tag; resolve conflicts on this " +
  `branch or on one of your own. Until ${escapeMarkdown(pull.base)} has it, nothing is released from there.`

const checkOf = ({ component }: OwnPull): string =>
  component === "" ? "Slipway / readiness" : `Slipway / readiness (${escapeMarkdown(component)})`

/** Text from outside is escaped and cannot hold one; a line template of somebody's configuration could. */
const withoutMarkers = (text: string): string => text.replace(/<!--(?=\s*\/?slipway:)/g, "&lt;!--")
