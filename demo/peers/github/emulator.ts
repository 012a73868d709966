import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { createEmulator } from "emulate"
import type { AccountType, Tables } from "./rows.ts"

/** Whom the emulator takes a token for. */
type TokenHolder = {
  login: string
  id: number
  scopes: string[]
  installation?: {
    installationId: number
    appId: number
    accountId: number
    accountType: AccountType
    permissions: Record<string, string>
    repositoryIds: number[]
    repositorySelection: "all" | "selected"
  }
}

/** A running emulator: its own HTTP interface, called in-process, and its state. */
export type GitHubEmulator = {
  fetch(request: Request): Promise<Response>
  tables: Tables
  tokens: Map<string, TokenHolder>
  close(): Promise<void>
}

type Plugin = {
  register(
    app: { fetch(request: Request): Promise<Response> },
    store: unknown,
    webhooks: { dispatch: () => Promise<void> },
    baseUrl: string,
    tokens: Map<string, TokenHolder>,
  ): void
}
type Started = Omit<GitHubEmulator, "close">

const started = new Map<string, Started>()
let wrapped: Promise<void> | undefined

/**
 * Starts the `emulate` package's GitHub whose links point at `baseUrl` (the front), and keeps hold of its state.
 *
 * The package offers no way to add a user, an organisation or an installation to a running emulator, nor to say which
 * commit merged a pull request, so the front works on the emulator's own tables: it listens in on the moment at which
 * the GitHub plugin is registered. `emulate` is pinned to an exact version; another one that moved this is an error
 * that says so.
 */
export async function startEmulator(baseUrl: string, seed: Record<string, unknown>): Promise<GitHubEmulator> {
  wrapped ??= listenToRegistration()
  await wrapped
  const emulator = await createEmulator({ service: "github", port: 0, baseUrl, seed: { tokens: {}, github: seed } })
  const inside = started.get(baseUrl)
  started.delete(baseUrl)
  if (!inside) throw new Error("emulate registered no GitHub for this address; was the package changed?")
  return { ...inside, close: () => emulator.close() }
}

async function listenToRegistration(): Promise<void> {
  const entry = import.meta.resolve("emulate")
  const source = readFileSync(fileURLToPath(entry), "utf8")
  const chunk = /import\("(\.\/[\w-]+\.js)"\);\s*return \{\s*plugin: mod\.githubPlugin/.exec(source)?.[1]
  if (!chunk) throw new Error("emulate has no GitHub plugin where 0.12.2 has it; see demo/peers/github/emulator.ts")
  const module = (await import(new URL(chunk, entry).href)) as {
    githubPlugin: Plugin
    getGitHubStore(store: unknown): Tables
  }
  const register = module.githubPlugin.register
  module.githubPlugin.register = (app, store, webhooks, baseUrl, tokens) => {
    register(app, store, webhooks, baseUrl, tokens)
    // The front sends the webhooks: the emulator's are incomplete and repeat their ids.
    webhooks.dispatch = async () => {}
    started.set(baseUrl, { fetch: (request) => app.fetch(request), tables: module.getGitHubStore(store), tokens })
  }
}
