import pino from "pino"
import { Probot } from "probot"
import { startGitHub } from "../../demo/peers/github.ts"
import { decide } from "../../src/decide/decide.ts"
import type { Person } from "../../src/model/change.ts"
import type { Facts } from "../../src/model/facts.ts"
import type { Repository } from "../../src/model/repository.ts"
import type { Clicked, Signal } from "../../src/model/signal.ts"
import type { State } from "../../src/model/state.ts"
import { createObserve } from "../../src/observe/observe.ts"
import { createGitHub } from "../../src/peers/github.ts"
import { type RequestKind, slipwayOctokit } from "../../src/peers/github-octokit.ts"
import { translate } from "../../src/signals/translate.ts"

const ANNOUNCEMENTS = { is: "off", because: "no Slack in these tests" } as const

/** Lea and Ben write, Rosa only reads; `acme/sre` is Ben. */
const PEOPLE = ["lea", "ben", "rosa"] as const

/**
 * A repository of the emulated GitHub, observed through the real Probot client; the state is what `decide` makes of
 * each observation, so that a test can go on from one run to the next.
 */
export async function startStage(files: { [path: string]: string } = { "README.md": "shop" }) {
  const github = await startGitHub({ webhookSecret: "secret" })
  for (const login of PEOPLE) github.createUser(login)
  github.createOrganization("acme", { owners: ["lea"], members: ["ben", "rosa"] })
  const row = await github.createRepository({ owner: "acme", name: "shop", files, by: "lea" })
  github.addCollaborator("acme/shop", "lea", "admin")
  github.addCollaborator("acme/shop", "ben", "write")
  github.createTeam("acme", "sre", ["ben"])
  const installation = String(github.installApp("acme"))

  const kinds: RequestKind[] = []
  const probot = new Probot({
    appId: github.app.id,
    privateKey: github.app.privateKeyPem,
    secret: "secret",
    baseUrl: github.url,
    Octokit: slipwayOctokit({ version: "0.0.0", requestTimeoutMs: 5_000, onRequest: (kind) => kinds.push(kind) }),
    log: pino({ level: "silent" }),
  })
  const client = createGitHub(probot)
  const observe = createObserve({
    github: client,
    appId: github.app.id,
    neighbours: async () => ({}),
    announcements: () => ANNOUNCEMENTS,
  })
  const repo: Repository = {
    id: String(row.id),
    owner: "acme",
    name: "shop",
    defaultBranch: "main",
    private: false,
    installation,
  }

  let state: State | undefined
  let heard = github.deliveries.length
  return {
    github,
    client,
    kinds,
    repo,
    get state(): State {
      if (!state) throw new Error("nothing was decided yet")
      return state
    },
    set state(next: State) {
      state = next
    },
    /** What the webhooks since the last call say. */
    heard(): Signal[] {
      const news = github.deliveries.slice(heard)
      heard = github.deliveries.length
      return news.flatMap(({ event, id, payload }) => {
        const said = translate({
          event,
          delivery: id,
          payload,
          appId: github.app.id,
          apiUrl: github.url,
          at: new Date().toISOString(),
        })
        return said.is === "signals" ? [...said.signals] : []
      })
    },
    /** One run: its facts, and the requests that it took but for tokens. */
    async run(signals: readonly Signal[], now = new Date()): Promise<{ facts: Facts; requests: string[] }> {
      github.resetRequests()
      const facts = await observe({ repo, state, signals, handles: {}, now, abort: new AbortController().signal })
      state = decide({ repo, state, facts, signals, handles: {}, now }).state
      const requests = github.requests
        .map(({ method, path }) => `${method} ${path.replace("/repos/acme/shop/", "")}`)
        .filter((request) => !/access_tokens/.test(request))
      return { facts, requests: requests.sort() }
    },
    observe,
    click(button: string, by: Person, more: Partial<Clicked> = {}): Clicked {
      const release = state?.releases.find((r) => r.phase.is !== "published")
      return {
        kind: "clicked",
        checkRun: "1",
        name: "Slipway / readiness",
        sha: release?.shown?.sha ?? "",
        externalId: `slipway:${release?.id}:${release?.shown?.hash}`,
        button,
        by,
        at: new Date().toISOString(),
        ...more,
      }
    },
    person(login: string): Person {
      return { login, id: String(github.createUser(login).id), type: "User" }
    },
    close: () => github.close(),
  }
}

export const look: Signal = { kind: "look", because: "installed" }
