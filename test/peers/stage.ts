import { createHmac, createSign } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Octokit } from "@octokit/rest"
import { type GitHubPeer, startGitHub } from "../../demo/peers/github.ts"

export const SECRET = "a secret of the tests"
export const REPO = "acme/shop"
export const IN = { owner: "acme", repo: "shop" }

/** Every event that the front can send, beyond what app.yml asks for. */
const EVERY_EVENT = [
  ...["push", "pull_request", "create", "delete", "check_run", "status", "release", "deployment", "deployment_status"],
  ...["issues", "issue_comment", "repository", "workflow_run", "deployment_protection_rule"],
]

/** What a webhook receiver got. */
type Received = { event: string; id: string; payload: Record<string, unknown>; signed: boolean }

/** A GitHub with acme/shop, three people, the App installed, and a receiver of its webhooks. */
export async function stage(options: { now?: () => Date } = {}) {
  const github = await startGitHub({ webhookSecret: SECRET, ...options })
  const hook = await startHook()
  github.createOrganization("acme", { owners: ["olga"], members: ["ann", "bob"] })
  await github.createRepository({ ...{ owner: "acme", name: "shop" }, files: { "README.md": "# shop\n" }, by: "olga" })
  github.createTeam("acme", "devs", ["ann", "bob"], { repositories: [REPO], role: "write" })
  github.setWebhookUrl(hook.url)
  github.installApp("acme", { events: EVERY_EVENT })
  await github.settled()
  hook.received.splice(0)
  return {
    github,
    hook,
    async close(): Promise<void> {
      await github.close()
      await hook.close()
    },
  }
}

async function startHook() {
  const received: Received[] = []
  let status = 202
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString("utf8")
    const signature = `sha256=${createHmac("sha256", SECRET).update(text).digest("hex")}`
    if (status < 300) {
      received.push({
        event: String(request.headers["x-github-event"]),
        id: String(request.headers["x-github-delivery"]),
        payload: JSON.parse(text) as Record<string, unknown>,
        signed: request.headers["x-hub-signature-256"] === signature,
      })
    }
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    received,
    url: `http://127.0.0.1:${port}/hook`,
    names: () => received.map(({ event, payload }) => (payload.action ? `${event}.${String(payload.action)}` : event)),
    answerWith: (next: number) => {
      status = next
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A client of the App itself. */
export function asApp(
  github: GitHubPeer,
  claims: Record<string, unknown> = {},
  key = github.app.privateKeyPem,
): Octokit {
  const now = Math.floor(Date.now() / 1000)
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const content = { iss: github.app.id, iat: now - 30, exp: now + 300, ...claims }
  const unsigned = `${part({ alg: "RS256", typ: "JWT" })}.${part(content)}`
  const signature = createSign("sha256").update(unsigned).sign(key).toString("base64url")
  return client(github, `${unsigned}.${signature}`)
}

/** A client of the App as installed on acme. */
export async function asInstallation(github: GitHubPeer): Promise<Octokit> {
  const app = asApp(github)
  const { data } = await app.apps.getOrgInstallation({ org: "acme" })
  const { token } = (await app.apps.createInstallationAccessToken({ installation_id: data.id })).data
  return client(github, token)
}

/** A client with any token. */
export function client(github: GitHubPeer, token: string): Octokit {
  const silent = { debug() {}, info() {}, warn() {}, error() {} }
  return new Octokit({ auth: token, baseUrl: github.url, log: silent })
}

/** The status and message with which a promise was refused; fails when it was not. */
export async function refusal(promise: Promise<unknown>): Promise<{ status: number; message: string }> {
  const settled = await promise.then(
    () => undefined,
    (error: { status: number; message: string }) => error,
  )
  if (!settled) throw new Error("nothing was refused")
  return { status: settled.status, message: settled.message }
}

/** A pull request by Ann with one commit to a file. */
export function smallChange(title: string, path = "src/a.txt", text = `${title}\n`) {
  return { repo: REPO, by: "ann", title, commits: [{ message: title, files: { [path]: text } }] }
}
