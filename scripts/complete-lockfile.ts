/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out. npm drops an optional package
 * that it cannot download where it runs, and `npm ci` then refuses the lockfile everywhere ("Missing: … from lock file").
 * The entries carry what is needed to be skipped on a foreign platform: version, os, cpu, libc. On their own platform
 * npm fetches them by name and version; the next `npm install` there fills in the rest.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

interface Entry {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
export interface Lockfile {
  readonly packages: Readonly<Record<string, Entry>>
}

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"]
const PROCESSORS = ["arm64", "arm", "ia32", "loong64", "ppc64", "riscv64", "s390x", "wasm32", "x64"]

/** Entries that the lockfile lacks, by their path in it; empty when it is complete. */
export function missingOptional({ packages }: Lockfile): Record<string, Entry> {
  const missing: Record<string, Entry> = {}
  for (const [path, parent] of Object.entries(packages))
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const here = [`${path}/node_modules/${name}`, `node_modules/${name}`]
      if (!here.some((place) => place in packages)) missing[`node_modules/${name}`] = entry(name, version, parent)
    }
  return missing
}

function entry(name: string, version: string, parent: Entry): Entry {
  const words = name.split(/[/_-]/).map((word) => (word === "windows" ? "win32" : word))
  const one = (key: "os" | "cpu", known: readonly string[]) => {
    const found = words.find((word) => known.includes(word))
    if (found === undefined)
      throw new Error(`${name}: its name does not tell its ${key}; add it to the lockfile by hand`)
    return { [key]: [found] }
  }
  const libc = words.some((word) => word.startsWith("musl"))
    ? "musl"
    : words.some((w) => w.startsWith("gnu")) && "glibc"
  return {
    version,
    ...one("cpu", PROCESSORS),
    ...(parent.dev && { dev: true }),
    ...(libc && { libc: [libc] }),
    ...(parent.license !== undefined && { license: parent.license }),
    optional: true,
    ...one("os", SYSTEMS),
  }
}

if (import.meta.main) {
  const file = join(import.meta.dirname, "../package-lock.json")
  const lockfile: Lockfile = JSON.parse(readFileSync(file, "utf8"))
  const missing = missingOptional(lockfile)
  const all = Object.entries({ ...lockfile.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(file, `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(all) }, null, 2)}\n`)
  console.log(`${Object.keys(missing).length} packages of other platforms added to package-lock.json`)
}
