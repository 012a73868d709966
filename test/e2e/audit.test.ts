import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "kysely"
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest"
import { AUDIT_FILE } from "../../src/model/checkpoint.ts"
import { call } from "../cli/call.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** A release that is told from its evidence, a file of it that outlives the database, and what becomes of forgery. */
let stage: Stage
const folder = mkdtempSync(join(tmpdir(), "slipway-audit-"))

const CONFIG = "approvals: { required: 1 }\nenvironments:\n  staging: {}\n  production: { after: staging }\n"

beforeAll(async () => {
  stage = await setStage({ embedded: true, slack: false, files: { ".github/slipway.yml": CONFIG } })
  await release("feat: pay by <invoice> @everyone")
})

afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await stage.close()
})

async function release(title: string): Promise<string> {
  const { sha } = await stage.merge("ben", title)
  await stage.report("unit", sha)
  await stage.press("approve", "cleo", sha)
  expect((await stage.press("publish", "ana", sha)).conclusion).toBe("success")
  return sha
}

/** The command beside the running app, with the same environment. */
async function audit(...args: readonly string[]) {
  for (const [name, value] of Object.entries(stage.env())) vi.stubEnv(name, value)
  return await call(folder, "audit", ...args)
}

/** The file on a release, downloaded as anybody would. */
async function download(tag: string): Promise<string> {
  const { rest } = stage.github.as("ben")
  const at = { owner: "acme", repo: "shop" }
  const { data } = await rest.repos.getReleaseByTag({ ...at, tag })
  const asset = data.assets.find(({ name }) => name === AUDIT_FILE)
  const headers = { accept: "application/octet-stream" }
  const content = await rest.repos.getReleaseAsset({ ...at, asset_id: asset?.id ?? 0, headers })
  const file = `${tag}.json`
  writeFileSync(join(folder, file), new Uint8Array(content.data as unknown as ArrayBuffer))
  return file
}

/** As somebody does who owns the server, and knows of the triggers. */
const tamper = async (statement: string): Promise<void> => {
  await stage.app.store.db.transaction().execute(async (transaction) => {
    await sql`set local session_replication_role = replica`.execute(transaction)
    await sql.raw(statement).execute(transaction)
  })
}

test("the whole story of a release is told, and nothing of it is missing", async () => {
  const sha = stage.world().tags["v0.1.0"] ?? ""
  for (const environment of ["staging", "production"]) {
    await stage.deploy(environment, sha)
  }
  const { code, out, err } = await audit("acme/shop", "0.1.0")
  expect(err).toBe("")
  const said = [
    /acme\/shop 0\.1\.0 +v0\.1\.0 on [0-9a-f]{40}\npublished 20.* by ana/,
    /#1 +feat: pay by <invoice> @everyone · by ben · reviewed by cleo · merged/,
    /✔ checks +.*\n[\s\S]*✔ unit +success/,
    /Approvals[\s\S]*✔ cleo +.* at [0-9a-f]{7} · covers/,
    /slipway-audit\.json +record \d+, [0-9a-f]{64}/,
    /✔ staging +live · deployment \d+[\s\S]*✔ production +live · deployment \d+/,
    /publishing by ana[\s\S]*published by ana/,
    /configuration \.github\/slipway\.yml@[0-9a-f]{40} · plan absent/,
    /✔ The evidence is complete\.\n$/,
  ]
  for (const it of said) expect(out).toMatch(it)
  expect(code).toBe(0)
})

test("a tag names the release as well, and both other forms say the same", async () => {
  const lines = await audit("ACME/shop", "v0.1.0", "--json")
  const read = lines.out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(read[0]).toMatchObject({ is: "release", repository: "acme/shop", version: "0.1.0", published: { by: "ana" } })
  expect(read.slice(1).map(({ is }) => is)).toEqual(Array(read.length - 1).fill("record"))
  expect(read.map(({ entry }) => entry?.what)).toEqual(expect.arrayContaining(["cut", "approved", "published", "live"]))
  const { out, code } = await audit("acme/shop", "0.1.0", "--markdown")
  expect(out).toContain("# acme/shop 0.1.0")
  expect(out).toContain("✅ **cleo**")
  expect(out).not.toContain("<invoice>")
  expect(out).not.toContain("@everyone")
  expect(code).toBe(0)
})

test("what is not there is named, with exit code 1", async () => {
  const { sha } = await stage.merge("ben", "fix: round half up")
  await stage.press("approve", "cleo", sha)
  const open = await audit("acme/shop", "0.1.1")
  expect(open.code).toBe(1)
  expect(open.out).toMatch(/not published[\s\S]*Evidence is missing:[\s\S]*- that it was published/)
  await stage.report("unit", sha)
  await stage.press("publish", "ana", sha)
  expect((await audit("acme/shop", "0.1.1")).code).toBe(0)
  expect(await audit("acme/shop", "7.0.0")).toMatchObject({
    code: 1,
    err: expect.stringContaining("says nothing of a release 7.0.0"),
  })
  expect(await audit("acme/other", "0.1.0")).toMatchObject({ code: 1, err: expect.stringContaining("no repository") })
})

test("the trail holds, and the file on the release says so from outside of the database", async () => {
  const file = await download("v0.1.0")
  const { code, out } = await audit("verify", "--file", file)
  expect(out).toMatch(/ok +acme\/shop +\d+ records, 1 to \d+/)
  expect(out).toMatch(/v0\.1\.0\.json \(0\.1\.0\): all records up to \d+ are those of then\n/)
  expect(code).toBe(0)
})

test("a cut takes off the beginning, and what is left still verifies", async () => {
  const early = await download("v0.1.0")
  stage.pass(2 * 86_400_000)
  await release("feat: search")
  const late = await download("v0.2.0")
  // As it would be a year later: what is from before the second release goes.
  const before = stage.clock.now().toISOString().slice(0, 10)
  const records = await sql<{ count: string }>`select count(*) from slipway.audit`.execute(stage.app.store.db)
  const { code, out, err } = await auditAt(stage.clock.now(), "cut", "acme/shop", "--before", before)
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out).toMatch(/^acme\/shop: \d+ records cut off\n$/)
  expect(Number(/\d+/.exec(out)?.[0])).toBeLessThan(Number(records.rows[0]?.count))
  const verified = await audit("verify", "acme/shop", "--file", early, "--file", late)
  expect(verified.out).toMatch(/records 1 to \d+ were cut off, up to a signed checkpoint/)
  expect(verified.out).toMatch(/v0\.1\.0\.json \(0\.1\.0\): record \d+ was cut off since/)
  expect(verified.out).toMatch(/v0\.2\.0\.json \(0\.2\.0\): all records up to \d+ are those of then/)
  expect(verified.code).toBe(0)
  await expect(sql`delete from slipway.audit`.execute(stage.app.store.db)).rejects.toThrow("append-only")
})

async function auditAt(now: Date, ...args: readonly string[]) {
  const { audit: command } = await import("../../src/cli/audit.ts")
  for (const [name, value] of Object.entries(stage.env())) vi.stubEnv(name, value)
  let [out, err] = ["", ""]
  const terminal = {
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
    colours: false,
    directory: folder,
    now,
  }
  return { code: await command.run(args, terminal), out, err }
}

test("who changes a record is found, also when they hash the whole trail anew", async () => {
  const file = await download("v0.2.0")
  await tamper(
    `update slipway.audit set entry = jsonb_set(entry, '{by}', '"ben"') where entry ->> 'what' = 'approved' and entry ->> 'by' = 'cleo'`,
  )
  const changed = await audit("verify")
  expect(changed.out).toMatch(/problem +acme\/shop[\s\S]*record \d+ was changed: its hash is not that of what it says/)
  expect(changed.code).toBe(1)
  expect(await audit("acme/shop", "0.2.0")).toMatchObject({
    code: 1,
    out: expect.stringMatching(/a whole audit trail of acme\/shop: record \d+ was changed/),
  })

  await forge()
  expect(await audit("verify")).toMatchObject({ code: 0 })
  const caught = await audit("verify", "--file", file)
  expect(caught.out).toMatch(/record \d+ is not the one that stood there when the release was published/)
  expect(caught.code).toBe(1)
})

/** The best that somebody can do who owns the database: every hash is reckoned anew, the end's too. */
async function forge(): Promise<void> {
  const { chained } = await import("../../src/model/audit-chain.ts")
  const { readAudit } = await import("../../src/store/audit.ts")
  const { db } = stage.app.store
  const { key = "" } = (await db.selectFrom("slipway.audit").select("key").executeTakeFirst()) ?? {}
  let head: { sequence: number; hash: string } | undefined
  const updates: string[] = []
  for await (const record of readAudit(db, key)) {
    head ??= { sequence: record.sequence - 1, hash: record.previous }
    const [anew] = chained(head, [record.entry], record)
    if (!anew) throw new Error("an entry makes a record")
    head = anew
    updates.push(
      `update slipway.audit set previous = '${anew.previous}', hash = '${anew.hash}' where key = '${key}' and sequence = ${anew.sequence}`,
    )
  }
  await tamper([...updates, `update slipway.keys set audit_hash = '${head?.hash}' where key = '${key}'`].join(";"))
}

test("recovers beside nobody: the command starts the database itself when no Slipway runs", async () => {
  await stage.stop()
  const { code, out } = await audit("verify")
  expect(out).toContain("The audit trail holds.")
  expect(code).toBe(0)
  await stage.restart()
  await stage.quiet()
})
