import type { Config } from "../model/config.ts"
import type { Reply } from "../model/message.ts"
import type { State } from "../model/state.ts"
import type { Subject } from "./gates/subject.ts"
import { whoMayApprove } from "./may-approve.ts"
import { mentioned } from "./mentions.ts"
import { type Run, reply } from "./run.ts"

const ASKED_MOST = 5

/**
 * Says in the thread that nobody is left to approve, once a release, to those who can change it: the repository's
 * admins. Only once somebody waits for it: the release is cut, or somebody pressed a button in vain.
 */
export function tellNobodyLeft(run: Run, subject: Subject): void {
  const { release, config, state } = subject
  if (release.phase.is === "drafted" && release.answers.every(({ counted }) => counted)) return
  const may = whoMayApprove(subject)
  if (may.is !== "nobody") return
  const { because, waysOut } = may
  reply(run, release.id, "nobody-left", { is: "nobody left", because, waysOut, asks: adminsOf(state, config) })
}

/** Those who can change who may approve, by their ID in Slack where the configuration knows it. */
export function adminsOf({ approvers }: State, { slack }: Config): Extract<Reply, { is: "nobody left" }>["asks"] {
  const logins = (approvers?.admins ?? []).slice(0, ASKED_MOST).map(({ login }) => login)
  return mentioned({ slack }, logins)
}
