import type { Effect, OwnPull } from "../model/effect.ts"
import type { Outcome } from "../model/outcome.ts"
import { toPeerError } from "../peers/errors.ts"
import { backRun, backRunLook } from "./back-run.ts"
import { call } from "./call.ts"
import { check } from "./check.ts"
import { comment } from "./comment.ts"
import { type ActContext, type OnGitHub, type OnMail, type OnSlack, type Peers, refused } from "./context.ts"
import { deployment } from "./deployment.ts"
import { dispatch, dispatchLook } from "./dispatch.ts"
import { draft } from "./draft.ts"
import { draftDelete } from "./draft-delete.ts"
import { incident } from "./incident.ts"
import { kubernetesLook } from "./kubernetes/look.ts"
import type { OnCluster } from "./kubernetes/read.ts"
import { kubernetesUndo } from "./kubernetes/undo.ts"
import { latest } from "./latest.ts"
import { mail } from "./mail.ts"
import { merge } from "./merge.ts"
import { ownPull } from "./own-pull.ts"
import { outcomeOf } from "./peer-outcome.ts"
import { pointer } from "./pointer.ts"
import { post } from "./post.ts"
import { postMortem } from "./post-mortem.ts"
import { postMortemNote } from "./post-mortem-note.ts"
import { protectionAnswer, protectionComment } from "./protection.ts"
import { publish } from "./publish.ts"
import { reply } from "./reply.ts"
import { revert } from "./revert.ts"
import { thread } from "./thread.ts"
import { unpublish } from "./unpublish.ts"

export type Act = (effect: Effect, context: ActContext) => Promise<Outcome>

/**
 * Applies effects, one at a time, each check-then-do by its key: done twice is harmless. What a peer refuses is an
 * outcome with its reason; only a bug throws.
 */
export function createAct(peers: Peers): Act {
  return async (effect, context) => {
    switch (effect.kind) {
      case "draft":
        return onGitHub(peers, context, `write the draft of ${effect.content.tag}`, (to) => draft(effect, to))
      case "draft-delete":
        return onGitHub(peers, context, "delete a draft that is no longer wanted", (to) => draftDelete(effect, to))
      case "publish":
        return onGitHub(peers, context, publishing(effect.content), (to) =>
          publish(effect, { ...to, checkpoint: peers.checkpoint }),
        )
      case "unpublish":
        return onGitHub(peers, context, `take back ${effect.content.tag}, which came by hand`, (to) =>
          unpublish(effect, to),
        )
      case "pull-request":
        return onGitHub(peers, context, writingPull(effect.content), (to) => ownPull(effect, to))
      case "check":
        return onGitHub(peers, context, `write the check “${effect.content.name}”`, (to) => check(effect, to))
      case "deployment":
        return onGitHub(peers, context, `ask for the rollback of ${effect.content.environment}`, (to) =>
          deployment(effect, to),
        )
      case "protection-answer":
        return onGitHub(peers, context, `answer what waits at ${effect.content.environment}`, (to) =>
          protectionAnswer(effect, to),
        )
      case "protection-comment":
        return onGitHub(peers, context, `say what is waited for at ${effect.content.environment}`, (to) =>
          protectionComment(effect, to),
        )
      case "dispatch":
        return onGitHub(peers, context, `start what follows ${effect.content.tag}`, (to) => dispatch(effect, to))
      case "dispatch-look":
        return onGitHub(peers, context, `see what follows ${effect.content.tag}`, (to) => dispatchLook(effect, to))
      case "pointer":
        return onGitHub(peers, context, `move refs/${effect.content.ref} to ${effect.content.version}`, (to) =>
          pointer(effect, to),
        )
      case "comment":
        return onGitHub(peers, context, `tell #${effect.content.number} of its release`, (to) => comment(effect, to))
      case "revert":
        return onGitHub(peers, context, `open the pull request that takes ${effect.content.from.version} back`, (to) =>
          revert(effect, to),
        )
      case "merge":
        return onGitHub(peers, context, `merge #${effect.content.number}`, (to) => merge(effect, to))
      case "incident":
        return onGitHub(peers, context, `say on #${effect.content.issue} what came of it`, (to) => incident(effect, to))
      case "back-run":
        return onGitHub(peers, context, `start ${effect.content.workflow} on ${effect.content.ref}`, (to) =>
          backRun(effect, to),
        )
      case "back-run-look":
        return onGitHub(peers, context, `see how ${effect.content.workflow} goes on`, (to) => backRunLook(effect, to))
      case "post-mortem":
        return onGitHub(peers, context, "open the post-mortem issue", (to) =>
          postMortem(effect, { ...to, records: peers.records }),
        )
      case "latest":
        return onGitHub(peers, context, `make ${effect.content.tag} the latest release`, (to) => latest(effect, to))
      case "post-mortem-note":
        return onGitHub(peers, context, "say on the post-mortem issue what became of it", (to) =>
          postMortemNote(effect, to),
        )
      case "call":
        return call(effect, { ...context, send: peers.call(context.repo.owner) })
      case "kubernetes-look":
        return onCluster(peers, context, (to) => kubernetesLook(effect, to))
      case "kubernetes-undo":
        return onCluster(peers, context, (to) => kubernetesUndo(effect, to))
      case "thread":
        return onSlack(peers, context, (to) => thread(effect, to))
      case "reply":
        return onSlack(peers, context, (to) => reply(effect, to))
      case "post":
        return onSlack(peers, context, (to) => post(effect, to))
      case "mail":
        return onMail(peers, context, (to) => mail(effect, to))
    }
  }
}

const writingPull = ({ purpose, version, base }: OwnPull): string =>
  ({
    release: `write the pull request that releases ${version} from ${base}`,
    changelog: `write the pull request that adds ${version} to the changelog of ${base}`,
    back: `write the pull request that brings ${version} back to ${base}`,
  })[purpose]

/** A tag on a commit that changes workflow files can need `workflows: write`, which GitHub's answer does not name. */
const publishing = ({ tag, sha }: { tag: string; sha: string }): string =>
  `publish ${tag} at ${sha.slice(0, 7)} (where that commit changes workflow files, GitHub may also ask for \`workflows: write\`)`

async function onGitHub(
  { github }: Peers,
  context: ActContext,
  intent: string,
  apply: (to: OnGitHub) => Promise<Outcome>,
): Promise<Outcome> {
  const { repo, signal } = context
  try {
    const octokit = await github.for(repo)
    const self = async () => {
      const app = await github.app()
      return { id: Number(app.id), login: `${app.slug}[bot]` }
    }
    return await apply({ ...context, octokit, self, at: { owner: repo.owner, repo: repo.name, request: { signal } } })
  } catch (error) {
    return outcomeOf(toPeerError(error), intent)
  }
}

async function onSlack(
  { slack, members }: Peers,
  context: ActContext,
  apply: (to: OnSlack) => Promise<Outcome>,
): Promise<Outcome> {
  const client = slack.for(context.repo.owner)
  if (!client)
    return refused(
      "unavailable",
      `No Slack token is configured for ${context.repo.owner}: set SLACK_BOT_TOKEN to announce releases.`,
    )
  // Slack looks first and speaks then: an attempt that was given up while it looked must not speak after all.
  const until = client.until(context.signal)
  const member = async (login: string) => members?.(context.repo, login, until, context.signal)
  return apply({ ...context, slack: until, member })
}

async function onCluster(
  { kubernetes }: Peers,
  context: ActContext,
  apply: (to: OnCluster) => Promise<Outcome>,
): Promise<Outcome> {
  return kubernetes
    ? apply({ ...context, ask: kubernetes(context.repo.owner) })
    : refused("unavailable", "No cluster can be reached from here.")
}

async function onMail(peers: Peers, context: ActContext, apply: (to: OnMail) => Promise<Outcome>): Promise<Outcome> {
  const { owner } = context.repo
  const peer = peers.mail?.for(owner)
  return peer
    ? apply({ ...context, ...peer })
    : refused("unavailable", `No mail server is configured for ${owner}: set SMTP_URL and MAIL_FROM to send e-mails.`)
}
