import { createHash, randomBytes } from "node:crypto"
import { chmod, chown, lstat, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { RunAs } from "./run-command.ts"
import { StoreError } from "./store-error.ts"

/** Where the files of a data directory's cluster lie, and as whom its Postgres runs. */
export interface Placement {
  readonly cluster: string
  readonly sockets: string
  readonly runAs: RunAs | undefined
  /** The data directory is out of reach, and the cluster lies elsewhere. */
  readonly outside: boolean
}

/** `nobody`: exists everywhere by number, needs no entry in /etc/passwd. */
const NOBODY: RunAs = { uid: 65534, gid: 65534 }
const RECORD = "postgres.place"
const HOME = "data-directory"
/** Where clusters lie whose data directory is temporary itself, in the temporary folder. */
const OUTSIDE = "slipway-data"
/** `sockaddr_un.sun_path` holds 108 bytes on Linux and 104 on macOS, the final zero among them. */
const LONGEST_SOCKET = 103

/**
 * Decides where the cluster of `dataDir` lies. Normally in it. As root Postgres runs as an unprivileged user, who
 * cannot reach a data directory below, say, /root (mode 700): then the cluster lies in a readable place outside,
 * and a file in the data directory says where, so that it is found again and goes when the data directory goes.
 *
 * @throws StoreError "foreign-data" if the cluster belongs to another user and we are not root
 */
export async function placeCluster(dataDir: string): Promise<Placement> {
  await mkdir(dataDir, { recursive: true })
  const home = await realpath(dataDir)
  const recorded = await readFile(join(home, RECORD), "utf8").catch(() => undefined)
  const uid = process.getuid?.() ?? 0
  if (uid !== 0) {
    const cluster = recorded?.trim() ?? join(home, "postgres")
    await refuseForeign(cluster, uid)
    return { cluster, sockets: await socketFolder(home, undefined), runAs: undefined, outside: recorded !== undefined }
  }
  const cluster = recorded?.trim() ?? (await placeForNobody(home))
  const owner = await stat(cluster).catch(() => undefined)
  // A cluster that an ordinary user made goes on running as that user, so that they can go on using it.
  const runAs = owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : NOBODY
  return { cluster, sockets: await socketFolder(home, runAs), runAs, outside: !cluster.startsWith(`${home}/`) }
}

async function refuseForeign(cluster: string, uid: number): Promise<void> {
  const found = await stat(cluster).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined
    throw new StoreError("foreign-data", `The database in ${cluster} cannot be read by this user (uid ${uid}).`, {
      cause: error,
    })
  })
  if (found && found.uid !== uid) {
    throw new StoreError(
      "foreign-data",
      `The database in ${cluster} belongs to uid ${found.uid}, but Slipway runs as uid ${uid}. Run it as the same user as before, change the owner of that folder, or set SLIPWAY_DATA_DIR to another one.`,
    )
  }
}

async function placeForNobody(home: string): Promise<string> {
  const inside = join(home, "postgres")
  if (await exists(inside)) return inside
  if ((await readdir(home)).length === 0) await chmod(home, ((await stat(home)).mode & 0o777) | 0o011)
  if (await reachable(home)) return inside
  const name = `${hash(home)}-${randomBytes(4).toString("hex")}`
  // Data as temporary as its data directory belongs in the temporary folder; all other must survive a reboot.
  const temporary = await realpath(tmpdir())
  await removeAbandoned(temporary)
  const parent = await firstWritable(
    home.startsWith(`${temporary}/`) ? [join(temporary, OUTSIDE)] : ["/var/lib/slipway", join(temporary, OUTSIDE)],
  )
  const cluster = join(parent, name, "postgres")
  await mkdir(dirname(cluster), { mode: 0o711 })
  await chmod(dirname(cluster), 0o711)
  await writeFile(join(dirname(cluster), HOME), home)
  // Written before the cluster exists, and by rename: a crash in between leaves an empty place, never lost data.
  await writeFile(join(home, `${RECORD}.new`), `${cluster}\n`)
  await rename(join(home, `${RECORD}.new`), join(home, RECORD))
  return cluster
}

/**
 * Removes clusters in the temporary folder whose data directory, in the temporary folder too, is gone. Others are
 * never touched: a data directory that is missing elsewhere may be a volume that is not mounted.
 */
async function removeAbandoned(temporary: string): Promise<void> {
  const parent = join(temporary, OUTSIDE)
  for (const name of await readdir(parent).catch(() => [])) {
    const place = join(parent, name)
    const home = await readFile(join(place, HOME), "utf8").catch(() => undefined)
    if (!home?.startsWith(`${temporary}/`) || (await exists(home))) continue
    if (await exists(join(place, "postgres", "postmaster.pid"))) continue // it may still run
    await rm(place, { recursive: true, force: true })
  }
}

async function firstWritable(folders: readonly string[]): Promise<string> {
  const failures: unknown[] = []
  for (const folder of folders) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o711 })
      const found = await lstat(folder)
      if (!found.isDirectory() || found.uid !== 0) throw new Error(`${folder} belongs to somebody else`)
      await chmod(folder, 0o711)
      return folder
    } catch (cause) {
      failures.push(cause)
    }
  }
  throw new StoreError(
    "broken",
    `The data directory is out of reach of the unprivileged user as whom Postgres runs, and ${folders.join(" and ")} cannot be written. Set SLIPWAY_DATA_DIR to a folder whose parents everybody may enter (mode 755).`,
    { cause: new AggregateError(failures) },
  )
}

/** Whether "others" may enter every folder on the way, `path` included. */
async function reachable(path: string): Promise<boolean> {
  const { mode, uid } = await stat(path)
  const enter = uid === NOBODY.uid ? mode & 0o100 : mode & 0o001
  if (!enter) return false
  return path === dirname(path) || (await reachable(dirname(path)))
}

/**
 * A short folder of its own for the socket, closed to everybody else: whoever may enter it is the database's
 * superuser, there is no password. Its name is guessable, so what is found there is checked.
 */
async function socketFolder(home: string, runAs: RunAs | undefined): Promise<string> {
  const owner = runAs?.uid ?? process.getuid?.() ?? 0
  const name = `slipway-${hash(home)}-${owner}`
  const usual = join(tmpdir(), name)
  const folder = usual.length + "/.s.PGSQL.5432".length <= LONGEST_SOCKET ? usual : join("/tmp", name)
  try {
    await mkdir(folder, { mode: 0o700 })
    if (runAs) await chown(folder, runAs.uid, runAs.gid)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
  }
  let found = await lstat(folder)
  if (found.isDirectory() && found.uid === 0 && runAs && process.getuid?.() === 0) {
    // Ours, from a start that died between mkdir and chown, or from one that is between them now.
    await chown(folder, runAs.uid, runAs.gid)
    found = await lstat(folder)
  }
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0) {
    throw new StoreError(
      "broken",
      `${folder} was not made by Slipway (owner or mode is wrong). Remove it and start again.`,
    )
  }
  return folder
}

const exists = async (path: string): Promise<boolean> =>
  await stat(path).then(
    () => true,
    () => false,
  )

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12)
