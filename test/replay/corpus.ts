import { existsSync, globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { readConfig } from "../../src/config/read-config.ts"
import type { Change } from "../../src/model/change.ts"
import type { Config } from "../../src/model/config.ts"

/** A release as the corpus's README.md describes it. */
export interface Release {
  readonly prevVersion: string
  readonly nextVersion: string
  readonly prerelease: boolean
  /** Of the tagged commit, ISO 8601. */
  readonly date: string
  readonly component?: string
  /** Made before the tool was adopted, so by hand. */
  readonly era?: "before"
  /** Tags between the two, older, on another line. */
  readonly skippedTags?: readonly string[]
  /** Newest first. */
  readonly commits: readonly {
    readonly sha: string
    readonly subject: string
    readonly body?: string
    readonly date: string
    readonly releaseCommit?: boolean
  }[]
}

export interface History {
  readonly repo: string
  /** `neg`: a control, whose versions no convention tells. */
  readonly kind: "sr" | "rp" | "cc" | "neg"
  readonly releases: readonly Release[]
}

/** How many releases published tools, with their defaults, got right: the table in the corpus's README.md. */
export interface Baselines {
  readonly releases: number
  /** conventional-recommended-bump: always bumps, at least the patch. */
  readonly recommendedBump: { readonly angular: number; readonly conventional: number }
  /** @semantic-release/commit-analyzer: nothing that asks for a release is no release. */
  readonly commitAnalyzer: { readonly angular: number; readonly conventional: number }
}

/** The corpus beside this clone, or where `SLIPWAY_CORPUS` says; null where there is none. */
export function readCorpus(): { histories: readonly History[]; baselines: ReadonlyMap<string, Baselines> } | null {
  const beside = join(import.meta.dirname, "../../../shared/corpus")
  const places = [process.env.SLIPWAY_CORPUS, join(beside, "public"), beside].filter((place) => place !== undefined)
  const folder = places.find((place) => existsSync(join(place, "README.md")))
  if (folder === undefined) return null
  const files = globSync("*__*.json", { cwd: folder }).sort()
  return {
    histories: files.map((file): History => JSON.parse(readFileSync(join(folder, file), "utf8"))),
    baselines: parseBaselines(readFileSync(join(folder, "README.md"), "utf8")),
  }
}

/** Rows such as `| owner/name | 51 | 51 (100%) | 51 (100%) | 50 (98%) | 50 (98%) | …`. */
export function parseBaselines(readme: string): ReadonlyMap<string, Baselines> {
  const rows = readme.matchAll(/^\| ([\w.-]+\/[\w.-]+) \|(.*)\|$/gm)
  return new Map(
    [...rows].map(([, repo = "", cells = ""]) => {
      const [releases = Number.NaN, rbAngular = 0, rbConventional = 0, caAngular = 0, caConventional = 0] = cells
        .split("|")
        .map((cell) => Number.parseInt(cell, 10))
      return [
        repo,
        {
          releases,
          recommendedBump: { angular: rbAngular, conventional: rbConventional },
          commitAnalyzer: { angular: caAngular, conventional: caConventional },
        },
      ]
    }),
  )
}

/** What the baselines were measured on: stable releases (a channel is not in the commits) since the tool's adoption. */
export const measured = ({ releases }: History): readonly Release[] =>
  releases.filter((release) => !release.prerelease && release.era !== "before")

/** As `slipway next --commits` takes them: without the commit that the tool itself made, oldest first. */
export const changesOf = ({ commits }: Release): readonly Change[] =>
  commits
    .filter((commit) => !commit.releaseCommit)
    .map(({ sha, subject, body = "", date }) => ({
      id: sha,
      sha,
      commits: [{ sha, message: `${subject}\n\n${body}`, authorName: "", at: date, landing: sha }],
    }))
    .reverse()

/** The repositories that have a policy of their own. */
export const withPolicy = (): readonly Pick<History, "repo">[] =>
  globSync("*.yml", { cwd: join(import.meta.dirname, "policies") }).map((file) => ({
    repo: file.replace(/\.yml$/, "").replace("__", "/"),
  }))

/** The repository's own policy, `policies/<owner>__<repo>.yml`: what its tool or its habit is, said beforehand. */
export function policyOf({ repo }: Pick<History, "repo">): Config {
  const file = join(import.meta.dirname, "policies", `${repo.replace("/", "__")}.yml`)
  const read = readConfig(readFileSync(file, "utf8"), file)
  if (!read.ok) throw new Error(`${file}: ${read.problems.map(({ message }) => message).join("; ")}`)
  return read.config
}

/** Whether a version of the same component stood as a tag before a release, as far as the file tells. */
export function takenBefore(history: History, release: Release): (version: string) => boolean {
  const older = history.releases.filter(({ component, date }) => component === release.component && date < release.date)
  const versions = new Set(older.map(({ nextVersion }) => nextVersion))
  const elsewhere = release.skippedTags ?? []
  return (version) => versions.has(version) || elsewhere.some((tag) => tag.endsWith(version) && isAlone(tag, version))
}

/** `v1.2.0` and `api-v1.2.0` end with 1.2.0; so does `v11.2.0`, which is another version. */
const isAlone = (tag: string, version: string): boolean => !/\d$/.test(tag.slice(0, -version.length))
