import { type ChildProcess, fork } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "kysely"
import { afterEach, expect, test } from "vitest"
import { openStore } from "../../src/store/open.ts"
import { placeCluster } from "../../src/store/placement.ts"
import type { Says } from "./opener.ts"

const folders: string[] = []
const children: ChildProcess[] = []
const isRoot = process.getuid?.() === 0

function folder(mode: number): string {
  const made = mkdtempSync(join(tmpdir(), "slipway-store-"))
  chmodSync(made, mode)
  folders.push(made)
  return made
}

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill))
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true })
})

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once("exit", resolve))
  child.kill("SIGKILL")
  await gone
}

/** A process that opens the store, writes one row, and stays until it is killed. Resolves with what it says. */
async function opener(dataDir: string): Promise<{ child: ChildProcess; says: Says }> {
  const child = fork(join(import.meta.dirname, "opener.ts"), [dataDir], { execArgv: [] })
  children.push(child)
  const says = await new Promise<Says>((resolve, reject) => {
    child.once("message", (message) => resolve(message as Says))
    child.once("exit", (code) => reject(new Error(`the opener ended with ${code}`)))
  })
  return { child, says }
}

const rows = async (dataDir: string): Promise<number> => {
  const store = await openStore({ dataDir })
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from slipway.keys`.execute(store.db)
  await store.close()
  return rows[0]?.count ?? -1
}

test("durable, on no TCP port, on a socket that others cannot reach; and data outlives a stop and a start", async () => {
  const dataDir = join(folder(0o755), "data")
  const said: string[] = []
  const store = await openStore({ dataDir, log: (message) => said.push(message) })
  await store.db.insertInto("slipway.keys").values({ key: "1", repo: "{}" }).execute()
  await store.ping()
  for (const setting of ["fsync", "synchronous_commit", "full_page_writes"]) {
    const { rows } = await sql<Record<string, string>>`show ${sql.raw(setting)}`.execute(store.db)
    expect(rows).toEqual([{ [setting]: "on" }])
  }
  const { rows: settings } = await sql<{ listen: string; sockets: string }>`
    select current_setting('listen_addresses') as listen, current_setting('unix_socket_directories') as sockets`.execute(
    store.db,
  )
  const { listen, sockets } = settings[0] ?? { listen: "?", sockets: "?" }
  expect(listen).toBe("")
  expect(statSync(sockets).mode & 0o777).toBe(0o700)
  expect(`${sockets}/.s.PGSQL.5432`.length).toBeLessThanOrEqual(103)
  await store.close()
  expect(said).toEqual([])
  expect(existsSync(sockets)).toBe(false)
  expect(await rows(dataDir)).toBe(1)
})

test("recovers after a kill -9 of the app: the database that lives on is taken over, with its rows", async () => {
  const dataDir = folder(0o755)
  const { child, says } = await opener(dataDir)
  expect(says).toEqual({ opened: true })
  await kill(child)
  expect(existsSync(join(dataDir, "postgres", "postmaster.pid"))).toBe(true)
  expect(await rows(dataDir)).toBe(1)
})

// Without `again` in embedded.ts: every query fails until somebody restarts Slipway.
test("recovers after a kill -9 of the database under the living app: rows, queries and wakes", async () => {
  const dataDir = folder(0o755)
  const said: string[] = []
  const store = await openStore({ dataDir, log: (message) => said.push(message) })
  const woken: string[] = []
  await store.wakes.work(1, async (key) => void woken.push(key))
  await store.db.insertInto("slipway.keys").values({ key: "1", repo: "{}" }).execute()
  const died = Promise.withResolvers<void>()
  // Held open: without the listener of each connection in open.ts its end would be an uncaught exception.
  const held = store.db.transaction().execute(async (transaction) => {
    await sql`select 1`.execute(transaction)
    await died.promise
    await sql`select 1`.execute(transaction)
  })
  held.catch(() => undefined)
  const pid = Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0])
  process.kill(pid, "SIGKILL")
  await expect.poll(() => said.at(-1), { timeout: 30_000 }).toBe("the embedded Postgres runs again")
  expect(said.some((message) => message.includes("has gone"))).toBe(true)
  died.resolve()
  await expect(held).rejects.toThrow()
  await expect.poll(() => store.ping().then(() => "up", String), { timeout: 10_000 }).toBe("up")
  await store.wakes.send(store.db, "1")
  await expect.poll(() => woken, { timeout: 15_000 }).toEqual(["1"])
  await store.close()
  expect(await rows(dataDir)).toBe(1)
})

test("a second process on the same data directory is refused while the first lives, and told what to do", async () => {
  const dataDir = folder(0o755)
  const { child } = await opener(dataDir)
  const second = await opener(dataDir)
  const because = second.says.opened ? "opened" : second.says.message
  expect(because).toContain(`in use by another process: slipway (process ${child.pid})`)
  expect(because).toContain("SLIPWAY_DATA_DIR")
  await kill(child)
  expect(await rows(dataDir)).toBe(1)
})

test("of two processes that start at once on a new data directory one wins and the other is refused", async () => {
  const dataDir = folder(0o755)
  const both = await Promise.all([opener(dataDir), opener(dataDir)])
  expect(both.map(({ says }) => says.opened).sort()).toEqual([false, true])
  await Promise.all(both.map(({ child }) => kill(child)))
  expect(await rows(dataDir)).toBe(1)
})

test("two data directories are two databases", async () => {
  const [one, two] = [folder(0o755), folder(0o755)]
  const { child, says } = await opener(one)
  expect(says.opened).toBe(true)
  expect(await rows(two)).toBe(0)
  await kill(child)
  expect(await rows(one)).toBe(1)
})

test.runIf(isRoot)("a data directory below a folder closed to others works, for root as for anybody", async () => {
  const closed = folder(0o700)
  mkdirSync(join(closed, "clone"))
  const dataDir = join(closed, "clone", "data")
  const said: string[] = []
  const store = await openStore({ dataDir, log: (message) => said.push(message) })
  await store.db.insertInto("slipway.keys").values({ key: "1", repo: "{}" }).execute()
  await store.close()
  const place = readFileSync(join(dataDir, "postgres.place"), "utf8").trim()
  expect(said).toEqual([`the database lies in ${place}`])
  expect(statSync(place).uid).toBe(65534)
  expect(await rows(dataDir)).toBe(1)
  // When the data directory goes, so does the cluster, at the latest when another one is made there.
  rmSync(closed, { recursive: true })
  const other = join(folder(0o700), "clone", "data")
  mkdirSync(join(other, ".."))
  const outside = (await placeCluster(other)).cluster
  expect([existsSync(place), existsSync(join(outside, ".."))]).toEqual([false, true])
  rmSync(join(outside, ".."), { recursive: true })
})

test.runIf(isRoot)("a fresh private folder of ours, as mkdtemp makes it, is opened just enough", async () => {
  const dataDir = folder(0o700)
  expect(await rows(dataDir)).toBe(0)
  expect(statSync(dataDir).mode & 0o777).toBe(0o711)
  expect(statSync(join(dataDir, "postgres")).mode & 0o777).toBe(0o700)
})
