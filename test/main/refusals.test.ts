import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type GitHubPeer, startGitHub } from "../../demo/peers/github.ts"
import { planted } from "../secrets/planted.ts"
import { dataFolder, KEY, startProcess } from "./process.ts"

const SECRET = planted("webhook")
let github: GitHubPeer
const data = dataFolder()
beforeAll(async () => {
  github = await startGitHub({ webhookSecret: SECRET })
})
afterAll(async () => {
  await github.close()
  data.remove()
})

/** An environment in which it would start. */
const good = () => ({
  APP_ID: github.app.id,
  PRIVATE_KEY: github.app.privateKeyPem,
  WEBHOOK_SECRET: SECRET,
  GITHUB_API_URL: github.url,
  SLIPWAY_DATA_DIR: data.path,
  PORT: "0",
  HOST: "127.0.0.1",
})

const NO_STACK = /^ +at /m

async function refusal(env: { readonly [name: string]: string }): Promise<string> {
  const { code, err } = await startProcess(env).ended
  expect(code).toBe(1)
  expect(err).toMatch(/^Slipway does not start\.\n\n/)
  expect(err).not.toMatch(NO_STACK)
  expect(err).not.toContain(SECRET)
  expect(err).not.toContain("PRIVATE KEY-----")
  return err
}

describe("it does not start, and says what to do", () => {
  test("without anything: both things that it needs, and how to create the App", async () => {
    const said = await refusal({})
    expect(said).toMatch(/WEBHOOK_SECRET is not set.*openssl rand/)
    expect(said).toMatch(/Create one, once:\n +1\. Open https:\/\/github\.com.*settings\/apps\/new/)
  })

  test("without a webhook secret, which Probot would make `development`", async () => {
    const { WEBHOOK_SECRET: _, ...env } = good()
    expect(await refusal(env)).toMatch(/WEBHOOK_SECRET is not set/)
  })

  test("with a key that cannot be read", async () => {
    const file = join(data.path, "broken.pem")
    writeFileSync(file, "-----BEGIN RSA PRIVATE KEY-----\nTm90IGEga2V5\n-----END RSA PRIVATE KEY-----\n")
    const { PRIVATE_KEY: _, ...env } = good()
    expect(await refusal({ ...env, PRIVATE_KEY_PATH: file })).toMatch(
      /broken\.pem.*holds no private key that can be read/,
    )
  })

  test("with a key that GitHub does not accept", async () => {
    const said = await refusal({ ...good(), PRIVATE_KEY: KEY })
    expect(said).toMatch(/does not accept APP_ID \d+ with this private key/)
    expect(said).toMatch(/generate a new one/)
  })

  test("with an id that no App has", async () => {
    github.intercept(({ path }) =>
      path === "/app" ? { status: 404, body: { message: "Integration not found" } } : undefined,
    )
    const said = await refusal(good()).finally(() => github.intercept(undefined))
    expect(said).toMatch(/Compare "App ID" on the App's page with APP_ID/)
  })

  test("with a database that does not answer", async () => {
    const said = await refusal({ ...good(), DATABASE_URL: "postgres://slipway:hidden-password@127.0.0.1:9/slipway" })
    expect(said).toMatch(/DATABASE_URL \(127\.0\.0\.1:9\/slipway\) cannot be used: .*ECONNREFUSED/)
    expect(said).toMatch(/unset DATABASE_URL/)
    expect(said).not.toContain("hidden-password")
  })

  test("on a port that is taken, and leaves no database behind", async () => {
    const other = createServer().listen(0, "127.0.0.1")
    await once(other, "listening")
    const { port } = other.address() as { port: number }
    const said = await refusal({ ...good(), PORT: String(port) }).finally(() => other.close())
    expect(said).toMatch(/the port is taken\. Set PORT/)
  })

  test("twice on one data directory; the first goes on", async () => {
    const first = startProcess(good())
    try {
      const url = await first.url
      expect(await refusal(good())).toContain(data.path)
      expect(await (await fetch(`${url}/readyz`)).text()).toBe("ready\n")
    } finally {
      first.kill("SIGTERM")
      expect(await first.ended).toEqual({ code: 0, err: "" })
    }
  })
})
