import pino from "pino"
import { Probot } from "probot"
import { expect } from "vitest"
import { startGitHub } from "../../demo/peers/github.ts"
import { startSlack } from "../../demo/peers/slack.ts"
import { type Act, createAct } from "../../src/act/act.ts"
import type { ActContext } from "../../src/act/context.ts"
import { createMembers } from "../../src/act/members.ts"
import type { Effect, EffectKind, EffectOf } from "../../src/model/effect.ts"
import type { Notes } from "../../src/model/notes.ts"
import type { Handle, Handles, Outcome } from "../../src/model/outcome.ts"
import type { Repository } from "../../src/model/repository.ts"
import { createGitHub } from "../../src/peers/github.ts"
import { slipwayOctokit } from "../../src/peers/github-octokit.ts"
import { createSlack, type SlackClient } from "../../src/peers/slack.ts"
import { auditKey } from "../../src/store/audit-key.ts"

/** A GitHub with an organisation, people and the App; the real client and the real `act` before it. */
export async function raiseStage(slack?: SlackClient, now = () => new Date()) {
  const peer = await startGitHub({ webhookSecret: "shh" })
  peer.createUser("lea")
  const installation = String(peer.installApp("acme"))
  const probot = new Probot({
    appId: peer.app.id,
    privateKey: peer.app.privateKeyPem,
    secret: "shh",
    baseUrl: peer.url,
    Octokit: slipwayOctokit({ version: "0.0.0", requestTimeoutMs: 5000 }),
    log: pino({ level: "silent" }),
  })
  const key = auditKey(peer.app.privateKeyPem)
  const github = createGitHub(probot)
  const act = createAct({
    github,
    slack: { for: () => slack },
    members: createMembers({ github, now, requestTimeoutMs: 5000 }),
    call: () => async () => ({ is: "done", status: 200 }),
    records: noRecords,
    checkpoint: async ({ id, owner, name }, release) =>
      key.sign({
        repository: { id, name: `${owner}/${name}` },
        sequence: 7,
        hash: "ab".repeat(32),
        at: "2026-03-01T10:00:00.000Z",
        release,
      }),
  })
  let repositories = 0
  return {
    peer,
    github,
    act,
    /** A repository of its own, with one commit, in which lea may write. */
    async repository(): Promise<Repository> {
      const name = `shop-${++repositories}`
      const row = await peer.createRepository({ owner: "acme", name })
      peer.addCollaborator(`acme/${name}`, "lea", "write")
      return { id: String(row.id), owner: "acme", name, defaultBranch: "main", private: false, installation }
    },
    async stop() {
      await peer.close()
      expect(peer.problems).toEqual([])
    },
  }
}

/** The real `act` before some peers alone: for effects that ask nothing of the others. */
export const actBefore = (peers: Pick<Parameters<typeof createAct>[0], "kubernetes"> & { slack?: SlackClient }): Act =>
  createAct({
    github: {} as never,
    call: noCall,
    checkpoint: noCheckpoint,
    records: noRecords,
    ...peers,
    slack: { for: () => peers.slack },
  })

/** A Slack with the real `act` before it. */
export async function raiseSlack() {
  const peer = await startSlack()
  const slack = createSlack({ apiUrl: peer.url, log: { warn() {} }, requestTimeoutMs: 5000 }).client(peer.token)
  return {
    peer,
    act: actBefore({ slack }),
    async stop() {
      await peer.close()
      expect(peer.problems).toEqual([])
    },
  }
}

/** For those that ask nothing of the audit trail. */
export const noRecords = async () => []

/** For those that publish nothing. */
export const noCheckpoint = (): never => {
  throw new Error("nothing is published here")
}

interface Given {
  readonly handle?: Handle
  readonly handles?: Handles
  readonly mayHaveHappened?: boolean
  readonly signal?: AbortSignal
}

/** Applies one effect as the engine would. */
export const apply = (act: Act, repo: Repository, effect: Effect, given: Given = {}): Promise<Outcome> =>
  act(effect, {
    repo,
    handle: given.handle,
    handles: given.handles ?? {},
    attempt: given.mayHaveHappened ? 2 : 1,
    mayHaveHappened: given.mayHaveHappened ?? false,
    signal: given.signal ?? AbortSignal.timeout(10_000),
  } satisfies ActContext)

export function effect<Kind extends EffectKind>(
  kind: Kind,
  target: string,
  content: EffectOf<Kind>["content"],
  key = `${target}:1`,
): EffectOf<Kind> {
  return { kind, key, target, lane: target, mode: "append", content } as unknown as EffectOf<Kind>
}

/** The handle of an effect that has to have been done. */
export function handleOf(outcome: Outcome): Handle {
  if (outcome.is !== "done" || !outcome.handle) throw new Error(`not done: ${JSON.stringify(outcome)}`)
  return outcome.handle
}

export const notes = (more: Partial<Notes> = {}): Notes => ({
  version: "1.5.0",
  previous: { version: "1.4.2", tag: "v1.4.2" },
  tag: "v1.5.0",
  repository: "acme/shop",
  breaking: [],
  sections: [
    {
      title: "Features",
      folded: false,
      entries: [{ text: "pay by invoice", number: 12, author: "lea", sha: "a".repeat(40) }],
    },
  ],
  contributors: ["lea"],
  changes: 1,
  ...more,
})

/** Where no call of a configuration's is to be sent. */
export const noCall = (): never => {
  throw new Error("no call was to be sent")
}
