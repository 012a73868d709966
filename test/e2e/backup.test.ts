import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync, gzipSync } from "node:zlib"
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest"
import { call } from "../cli/call.ts"
import { freshDatabase } from "../engine/databases.ts"
import { gate } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** A database is lost in the middle of a release. From a backup it goes on, and nothing is said or made twice. */
describe.each(["embedded", "server"] as const)("%s", (kind) => {
  let stage: Stage
  let folder: string
  let candidate: string
  let file: string
  beforeAll(async () => {
    stage = await setStage({ embedded: kind === "embedded" })
    folder = mkdtempSync(join(tmpdir(), "slipway-backup-"))
    chmodSync(folder, 0o755)
    file = join(folder, "slipway.backup")
  })
  afterEach(() => vi.unstubAllEnvs())
  afterAll(async () => {
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** The command line, with these settings over those of the stage. */
  const slipway = (settings: Record<string, string>, ...args: readonly string[]) => {
    for (const [name, value] of Object.entries({ ...stage.env(), ...settings })) vi.stubEnv(name, value)
    return call(folder, ...args)
  }
  const elsewhere = async (): Promise<Record<string, string>> =>
    kind === "embedded"
      ? { SLIPWAY_DATA_DIR: mkdtempSync(join(folder, "data-")) }
      : { DATABASE_URL: await freshDatabase("tcp") }

  test("a backup is made beside a running Slipway, and is for its owner's eyes", async () => {
    await stage.merge("ben", "feat: one")
    candidate = (await stage.merge("cleo", "fix: two")).sha
    await stage.press("approve", "ana", candidate)
    expect(await slipway({}, "backup", file)).toMatchObject({
      code: 0,
      out: expect.stringContaining("slipway restore"),
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await slipway({}, "backup", file)).toMatchObject({
      code: 1,
      err: expect.stringContaining("is there already"),
    })
    const text = gunzipSync(readFileSync(file)).toString("utf8")
    const { PRIVATE_KEY = "", WEBHOOK_SECRET = "", SLACK_BOT_TOKEN = "" } = stage.env()
    for (const secret of [PRIVATE_KEY.split("\n")[1] ?? "", WEBHOOK_SECRET, SLACK_BOT_TOKEN]) {
      expect(secret.length).toBeGreaterThan(10)
      expect(text).not.toContain(secret)
    }
  })

  test("nothing is restored over a database that has something, nor from half of a backup", async () => {
    const there = kind === "embedded" ? {} : await elsewhere()
    if (kind === "server") {
      expect(await slipway({}, "restore", file)).toMatchObject({
        code: 1,
        err: expect.stringContaining("A Slipway is running"),
      })
      expect(await slipway(there, "restore", file)).toMatchObject({ code: 0 })
    }
    if (kind === "embedded") {
      expect(await slipway({}, "restore", file)).toMatchObject({ code: 1, err: expect.stringContaining("in use") })
      await stage.stop()
    }
    expect(await slipway(there, "restore", file)).toMatchObject({
      code: 1,
      err: expect.stringContaining("holds something"),
    })
    const fresh = await elsewhere()
    const text = gunzipSync(readFileSync(file)).toString("utf8")
    const bad = async (name: string, bytes: Buffer) => {
      writeFileSync(join(folder, name), bytes)
      return (await slipway(fresh, "restore", name)).err
    }
    const lines = text.trimEnd().split("\n")
    expect(await bad("cut", readFileSync(file).subarray(0, -400))).toContain("it cannot be read to its end")
    expect(await bad("short", gzipSync(`${lines.slice(0, -1).join("\n")}\n`))).toContain("its end is missing")
    const row = lines.findLastIndex((line) => line.startsWith("{"))
    expect(await bad("without-a-row", gzipSync(lines.toSpliced(row, 1).join("\n")))).toContain("rows are there")
    expect(await bad("other", gzipSync("{}\n"))).toContain("it does not begin as one")
    const newer = text.replace(/"schema":"[^"]*"/, '"schema":"9999-of-the-future"')
    expect(await bad("newer", gzipSync(newer))).toContain("this version does not know")
    // None of them left anything behind.
    expect(await slipway(fresh, "restore", file)).toMatchObject({ code: 0 })
    if (kind === "embedded") await stage.restart()
  })

  test("recovers after its database was lost, from a backup: the release goes on where it was, nothing is there twice", async () => {
    // What happens behind the backup's back.
    await stage.merge("ben", "feat: three")
    const before = { drafts: stage.releases(), threads: await stage.threads() }
    await stage.stop()
    const place = await elsewhere()
    const restored = await slipway(place, "restore", file)
    expect(restored).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Restored as of .*: 1 repository, \d+ records [\s\S]*`slipway token revoke ID`/),
    })
    await stage.restart("kept", place)
    await stage.quiet()
    expect(gate(stage.readiness(candidate), "approvals")).toContain("ana")
    expect((await stage.press("approve", "cleo", candidate)).conclusion).toBe("success")
    expect((await stage.press("publish", "cleo", candidate)).title).toBe("0.1.0 is published")
    await stage.merge("ben", "fix: four")
    expect(stage.world().tags).toEqual({ "v0.1.0": candidate })
    expect(stage.releases().map(({ tagName, draft }) => [tagName, draft])).toEqual([
      ["v0.1.0", false],
      ["v0.2.0", true],
    ])
    expect(stage.releases()[0]?.id).toBe(before.drafts[0]?.id)
    expect(stage.releases()[1]?.body).toMatch(/three \(#3\)[\s\S]*four \(#4\)/)
    const threads = await stage.threads()
    expect(threads[0]?.ts).toBe(before.threads[0]?.ts)
    const said = threads.flatMap(({ text, replies }) => [text, ...replies.map((reply) => reply.text)])
    expect(new Set(said).size).toBe(said.length)
    expect(await stage.metrics()).toMatch(/^slipway_dead_letters 0$/m)
    expect(await slipway(place, "audit", "verify")).toMatchObject({
      code: 0,
      out: expect.stringContaining("The audit trail holds."),
    })
  })
})
