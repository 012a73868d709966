import type { Check, Effect } from "../model/effect.ts"
import type { State } from "../model/state.ts"
import { renderAnnouncement } from "../render/announcement.ts"
import { renderCheck } from "../render/check-page.ts"
import { checkForTerminal, threadForTerminal } from "../render/terminal.ts"
import { shortSha } from "../render/words.ts"
import type { Terminal } from "./command.ts"
import type { Rehearsal } from "./dry-run.ts"
import { paint, plain } from "./paint.ts"

/** A rehearsal for people: what is there, what could not be read, each effect in a line and as it would look. */
export function showDryRun({ repo, state, effects, unknown }: Rehearsal, terminal: Terminal): string {
  const bold = (text: string) => paint(terminal, "bold", text)
  const parts = [
    `${bold(`${repo.owner}/${repo.name}`)}, seen for the first time`,
    ...Object.values(state.lines).map((line) => `  ${plain(lineSays(line))}`),
    ...(unknown.length > 0 ? ["", bold("Could not be read")] : []),
    ...unknown.map(({ what, because }) => `  ${plain(what)}: ${plain(because)}`),
    "",
    effects.length === 0 ? bold("Slipway would do nothing.") : bold("Slipway would"),
    ...effects.map((effect, at) => `  ${at + 1}. ${plain(says(effect))}`),
    ...effects.flatMap((effect) => drawn(effect, terminal)),
    "",
    paint(terminal, "dim", "This was a rehearsal: nothing was changed."),
    "",
  ]
  return parts.join("\n")
}

function lineSays({ branch, ledger, broken }: State["lines"][string]): string {
  if (!ledger) return `${branch}: ${broken === undefined ? "no release branch" : "cannot be read"}`
  const since = ledger.base ? `since ${ledger.base.tag}` : "and no release yet"
  return `${branch} at ${shortSha(ledger.head)}: ${ledger.commits.length} commits ${since}`
}

/** One effect, as what Slipway would do. */
function says(effect: Effect): string {
  switch (effect.kind) {
    case "draft": {
      const { tag, found, notes } = effect.content
      return `${found ? `update the draft release ${found}` : "create the draft release"} ${tag} (${notes.changes} changes)`
    }
    case "draft-delete":
      return `delete the draft of release ${effect.content.release}`
    case "unpublish":
      return `turn ${effect.content.tag}, which came by hand, back into a draft`
    case "publish":
      return `publish ${effect.content.tag} at ${shortSha(effect.content.sha)}`
    case "pull-request":
      return `write the pull request ${effect.content.head} → ${effect.content.base} for ${effect.content.version}`
    case "check":
      return `report ${effect.content.name} on ${shortSha(effect.content.sha)}: ${effect.content.conclusion}`
    case "thread":
      return `announce ${effect.content.announcement.version} in ${effect.content.channel}`
    case "post":
      return `tell ${effect.content.channel} in Slack: ${effect.content.bulletin.news.is}`
    case "mail":
      return `tell ${effect.content.to} by e-mail: ${effect.content.bulletin.news.is}`
    case "reply":
      return `say in the thread: ${effect.content.reply.is}`
    case "revert":
      return `open the pull request ${effect.content.head} → ${effect.content.base}`
    case "merge":
      return `merge #${effect.content.number}`
    case "call":
      return effect.content.what
    case "back-run":
      return `start ${effect.content.workflow} on ${effect.content.ref}`
    case "back-run-look":
      return `see how ${effect.content.workflow} goes on`
    case "kubernetes-look":
      return `see how the Deployment ${effect.content.place.deployment} is`
    case "kubernetes-undo":
      return `take the Deployment ${effect.content.place.deployment} back to revision ${effect.content.undo.revision}`
    case "deployment":
      return `deploy ${effect.content.to.version} to ${effect.content.environment}`
    case "protection-answer":
    case "protection-comment": {
      const { environment, note } = effect.content
      return `${note.is === "waits" ? "say what is waited for at" : `answer “${note.is}” to what waits at`} ${environment}`
    }
    case "dispatch":
    case "dispatch-look": {
      const { to, tag } = effect.content
      return `${effect.kind === "dispatch" ? "start" : "look for"} ${"workflow" in to ? to.workflow : to.event} for ${tag}`
    }
    case "pointer":
      return `move refs/${effect.content.ref} to ${effect.content.version}`
    case "comment":
      return `tell #${effect.content.number} that it is in ${effect.content.tag}`
    case "incident":
      return `say on #${effect.content.issue} what came of it`
    case "post-mortem":
      return `open a post-mortem issue for ${effect.content.report.notice.from.version}`
    case "latest":
      return `make ${effect.content.tag} the latest release`
    case "post-mortem-note":
      return `say on the post-mortem of ${effect.content.notice.from.version} what became of it`
  }
}

/** The effect as people would see it; the draft's notes stand on the check's page. */
function drawn(effect: Effect, terminal: Terminal): string[] {
  const options = { colour: terminal.colours }
  switch (effect.kind) {
    case "check":
      return ["", checkForTerminal(viewOf(effect.content), options)]
    case "thread": {
      const { channel, announcement } = effect.content
      const first = { at: terminal.now.toISOString(), blocks: renderAnnouncement(announcement).blocks }
      return ["", threadForTerminal({ channel, first, replies: [] }, options)]
    }
    default:
      return []
  }
}

function viewOf(check: Check): Parameters<typeof checkForTerminal>[0] {
  const { name, sha, conclusion, buttons } = check
  return { name, sha, conclusion, buttons, ...renderCheck(check) }
}
