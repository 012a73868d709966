import { setTimeout as delay } from "node:timers/promises"
import type { RecordedRequest } from "../demo/peers/github/serve.ts"
import type { SeenRepository } from "../demo/peers/github/world.ts"
import type { GitHubPeer } from "../demo/peers/github.ts"
import type { BenchRow } from "./row.ts"
import { type RunningApp, startRunningApp } from "./running-app.ts"

/**
 * Changes since the last release, the counted merge among them, and what the same merge costs others: counted against
 * a loopback server for release-drafter 7.7 and release-please 17.11 (docs/measurements.md).
 */
interface Case {
  readonly changes: number
  readonly releaseDrafter: number
  readonly releasePlease: number | string
  /** These many before it are direct commits: that many pull requests would take minutes to make. */
  readonly direct?: number
}

const CASES: readonly Case[] = [
  { changes: 1, releaseDrafter: 5, releasePlease: 39 },
  { changes: 10, releaseDrafter: 5, releasePlease: 40 },
  { changes: 100, releaseDrafter: 11, releasePlease: 49 },
  { changes: 500, releaseDrafter: 38, releasePlease: 92 },
  { changes: 5_000, releaseDrafter: 338, releasePlease: "stops at 500", direct: 4_999 },
]

const MERGE_LIMIT = 2
const COMPONENT_LIMIT = 3
const CYCLE = 100
const CYCLE_LIMIT = 310
/** Side by side, since each merge is waited for: what it costs does not depend on what others do. */
const CYCLE_REPOSITORIES = Array.from({ length: 5 }, (_, index) => `acme/cycle-${index}`)
const COMPONENTS_REPOSITORY = "acme/components"
const BURST = 100
const BURST_WITHIN_MS = 10_000
const BURST_LIMIT = 20

const OWNER = "acme"
const MANAGER = "ana"
const AUTHOR = "ben"
const BURST_REPOSITORY = `${OWNER}/burst`

/**
 * Requests that merges cost, counted where they arrive. Every repository is seeded before the App is installed, so
 * that its history is read back once; then one pull request is merged in each, and what follows is counted until all
 * is quiet. What is no part of a merge is counted apart: the read-back, CI's events, the first approval, and requests
 * for tokens, which the App makes and not the installation.
 */
export async function run(): Promise<readonly BenchRow[]> {
  const running = await startRunningApp()
  try {
    await seed(running)
    const installed = await recorded(running, () => install(running))
    const merged = await recorded(running, async () => {
      for (const { changes } of CASES) await merge(running.github, repositoryOf(changes), changes)
    })
    return [
      ...CASES.map((known) => oneMerge(running.github, merged, known)),
      ...(await components(running)),
      await burst(running),
      await cycle(running),
      apart("requests for tokens, of all these merges", `${merged.filter(({ by }) => by === "app").length}`),
      apart("read-back of 500 changes after the installation", said(of(repositoryOf(500), installed))),
      ...(await gates(running)),
    ]
  } finally {
    await running.close()
  }
}

const repositoryOf = (changes: number): string => `${OWNER}/with-${changes}`

async function seed({ github }: RunningApp): Promise<void> {
  for (const login of [MANAGER, AUTHOR]) github.createUser(login)
  github.createOrganization(OWNER, { owners: [MANAGER], members: [AUTHOR] })
  for (const { changes, direct = 0 } of CASES) {
    const repo = repositoryOf(changes)
    await create(github, repo)
    const commits = Array.from({ length: direct }, (_, index) => ({
      message: titleOf(index + 1),
      author: AUTHOR,
      files: { "part.txt": `${index}\n` },
    }))
    if (direct > 0) await github.pushCommits({ repo, by: AUTHOR, commits })
    for (let at = direct + 1; at < changes; at++) await merge(github, repo, at)
  }
  await create(github, BURST_REPOSITORY)
  for (const repo of CYCLE_REPOSITORIES) await create(github, repo)
  await create(github, COMPONENTS_REPOSITORY, { ".github/slipway.yml": COMPONENTS }, ["api-v1.0.0", "web-v1.0.0"])
}

const COMPONENTS = "components: { api: { path: api/** }, web: { path: web/** } }\n"

async function create(
  github: GitHubPeer,
  repo: string,
  files: { readonly [path: string]: string } = {},
  tags: readonly string[] = ["v1.0.0"],
): Promise<void> {
  const name = repo.slice(OWNER.length + 1)
  await github.createRepository({ owner: OWNER, name, by: MANAGER, files: { "README.md": `# ${name}\n`, ...files } })
  github.addCollaborator(repo, AUTHOR, "write")
  for (const tag of tags) await github.createTag({ repo, by: MANAGER, name: tag, sha: headOf(github, repo) })
}

async function install({ github, app }: RunningApp): Promise<void> {
  github.setWebhookUrl(`${app.url}/api/github/webhooks`)
  github.installApp(OWNER)
  const cases = CASES.map(({ changes }) => repositoryOf(changes))
  for (const repo of [...cases, BURST_REPOSITORY, ...CYCLE_REPOSITORIES, COMPONENTS_REPOSITORY])
    while (github.checkRuns(repo).length === 0) await delay(50)
}

const titleOf = (at: number): string => (at % 3 === 0 ? `fix: mend part ${at}` : `feat: add part ${at}`)

const open = (
  github: GitHubPeer,
  repo: string,
  at: number,
  folders: readonly string[] = ["parts"],
): Promise<{ number: number }> => {
  const title = titleOf(at)
  const files = Object.fromEntries(folders.map((folder) => [`${folder}/${at}.txt`, `${title}\n`]))
  const commit = { message: title, author: AUTHOR, files }
  return github.openPullRequest({ repo, by: AUTHOR, title, commits: [commit] })
}

async function merge(github: GitHubPeer, repo: string, at: number): Promise<void> {
  const { number } = await open(github, repo, at)
  await github.mergePullRequest({ repo, number, by: MANAGER })
}

/** Everything that is asked of GitHub from now until nothing is left to do. */
async function recorded(
  { github, quiet }: RunningApp,
  happen: () => Promise<unknown>,
): Promise<readonly RecordedRequest[]> {
  await quiet()
  github.resetRequests()
  await happen()
  await quiet()
  return [...github.requests]
}

/** What the installation asked about one repository: what counts against GitHub's limit. */
const of = (repo: string, requests: readonly RecordedRequest[]): readonly RecordedRequest[] =>
  requests.filter(({ by, path }) => by === "installation" && path.startsWith(`/repos/${repo}/`))

const said = ({ length }: { readonly length: number }): string => (length === 1 ? "1 request" : `${length} requests`)

function oneMerge(
  github: GitHubPeer,
  merged: readonly RecordedRequest[],
  { changes, releaseDrafter, releasePlease }: Case,
): BenchRow {
  const repo = repositoryOf(changes)
  const requests = of(repo, merged)
  const listed = changesListed(github, repo)
  return {
    bench: "merge",
    case: `one merge, ${changes} since the last release (release-drafter ${releaseDrafter}, release-please ${releasePlease})`,
    figure: `${said(requests)}; ${listed} listed`,
    limit: `≤ ${MERGE_LIMIT}, all listed`,
    ok: requests.length <= MERGE_LIMIT && listed === changes,
  }
}

/** Merges that touch one of two components, and both, behind four that touched either. */
async function components(running: RunningApp): Promise<BenchRow[]> {
  const { github } = running
  const repo = COMPONENTS_REPOSITORY
  const mergeIn = async (at: number, ...folders: readonly string[]) => {
    const { number } = await open(github, repo, at, folders)
    await running.quiet()
    return recorded(running, () => github.mergePullRequest({ repo, number, by: MANAGER }))
  }
  for (let at = 1; at <= 4; at++) await mergeIn(at, at % 2 === 0 ? "api" : "web")
  const one = of(repo, await mergeIn(5, "api"))
  const both = of(repo, await mergeIn(6, "api", "web"))
  const drafts = seen(github, repo).releases.filter(({ draft }) => draft).length
  const touching = (what: string, requests: readonly RecordedRequest[], limit: number): BenchRow => ({
    bench: "merge",
    case: `one merge that touches ${what}`,
    figure: `${said(requests)}; ${drafts} drafts`,
    limit: `≤ ${limit}, a draft each`,
    ok: requests.length <= limit && drafts === 2,
  })
  return [
    touching("one of two components", one, COMPONENT_LIMIT),
    touching("both of two components", both, 2 * MERGE_LIMIT),
  ]
}

/** Pull requests, each opened, then merged, and each alone: nothing is saved by what comes together. */
async function cycle(running: RunningApp): Promise<BenchRow> {
  const { github } = running
  const begun = performance.now()
  const each = CYCLE / CYCLE_REPOSITORIES.length
  const all = await recorded(running, async () => {
    for (let at = 1; at <= each; at++) {
      const opened = await Promise.all(CYCLE_REPOSITORIES.map((repo) => open(github, repo, at)))
      await running.quiet()
      for (const [index, repo] of CYCLE_REPOSITORIES.entries())
        await github.mergePullRequest({ repo, number: opened[index]?.number ?? 0, by: MANAGER })
      await running.quiet()
    }
  })
  const requests = CYCLE_REPOSITORIES.flatMap((repo) => of(repo, all))
  const impact = all.filter(({ body }) => JSON.stringify(body ?? "").includes("Slipway / impact")).length
  const listed = CYCLE_REPOSITORIES.reduce((sum, repo) => sum + changesListed(github, repo), 0)
  const took = ((performance.now() - begun) / 1_000).toFixed(0)
  return {
    bench: "merge",
    case: `a cycle of ${CYCLE} merges, ${each} in each of ${CYCLE_REPOSITORIES.length} repositories, each alone, ${impact} impact checks included, in ${took} s (release-drafter 785, release-please 4,360)`,
    figure: `${said(requests)}; ${listed} listed`,
    limit: `< ${CYCLE_LIMIT}, all listed`,
    ok: requests.length < CYCLE_LIMIT && impact === CYCLE && listed === CYCLE,
  }
}

/** Pull requests that wait are merged one after another, evenly over nine seconds of the ten. */
async function burst(running: RunningApp): Promise<BenchRow> {
  const { github } = running
  const numbers: number[] = []
  for (let at = 1; at <= BURST; at++) numbers.push((await open(github, BURST_REPOSITORY, at)).number)
  let took = 0
  const merged = await recorded(running, async () => {
    const begun = performance.now()
    for (const [at, number] of numbers.entries()) {
      await delay(Math.max(0, begun + (at * BURST_WITHIN_MS * 0.9) / BURST - performance.now()))
      await github.mergePullRequest({ repo: BURST_REPOSITORY, number, by: MANAGER })
    }
    await github.settled()
    took = performance.now() - begun
  })
  const requests = of(BURST_REPOSITORY, merged)
  const listed = changesListed(github, BURST_REPOSITORY)
  return {
    bench: "merge",
    case: `a burst of ${BURST} merges in ${(took / 1_000).toFixed(1)} s (one by one: release-drafter 785, release-please 4,360)`,
    figure: `${said(requests)}; one draft, ${listed} listed`,
    limit: `≤ ${BURST_LIMIT}, all listed, in ${BURST_WITHIN_MS / 1_000} s`,
    ok: took < BURST_WITHIN_MS && requests.length <= BURST_LIMIT && listed === BURST,
  }
}

const apart = (what: string, figure: string): BenchRow => ({ bench: "merge", case: `apart: ${what}`, figure })

/** What the gates ask for is no part of a merge: a check of CI on the head, the first approval, and the publication. */
async function gates(running: RunningApp): Promise<BenchRow[]> {
  const { github } = running
  const repo = repositoryOf(10)
  const sha = headOf(github, repo)
  const press = async (identifier: string) => {
    const check = github.checkRuns(repo, { sha, name: "Slipway / readiness" })[0]
    if (!check) throw new Error(`${repo} has no readiness check on its head`)
    await github.click({ repo, checkRunId: check.id, identifier, by: MANAGER })
  }
  const ci = of(repo, await recorded(running, () => github.reportCheck({ repo, sha, name: "test" })))
  const approval = of(repo, await recorded(running, () => press("approve")))
  const publication = of(repo, await recorded(running, () => press("publish")))
  if (seen(github, repo).releases.some(({ draft }) => draft)) throw new Error(`${repo} was not published`)
  const forAuthors = (requests: readonly RecordedRequest[]): string => {
    const authors = requests.filter(({ operationId }) => operationId === "pulls/list-commits")
    return `${said(requests)}, ${authors.length} of them for authors`
  }
  return [
    apart("CI reports one check on the head", said(ci)),
    apart("the first Approve on 10 changes, all read afresh", forAuthors(approval)),
    apart("Publish of 10 changes, all read afresh, tag and release made", forAuthors(publication)),
  ]
}

/**
 * How many changes the one draft accounts for: each by its line, or where the notes had to be shortened, by their own
 * count. @throws where there is no draft, or more than one
 */
function changesListed(github: GitHubPeer, repo: string): number {
  const drafts = seen(github, repo).releases.filter((release) => release.draft)
  if (drafts.length !== 1) throw new Error(`${repo} has ${drafts.length} drafts, not one`)
  const body = drafts[0]?.body ?? ""
  const counted = Number(/: (\d+) of \d+ changes are only counted/.exec(body)?.[1] ?? 0)
  return new Set(body.match(/\bpart \d+/g)).size + counted
}

const headOf = (github: GitHubPeer, repo: string): string => seen(github, repo).branches.main ?? ""

const seen = (github: GitHubPeer, repo: string): SeenRepository => {
  const repository = github.world()[repo]
  if (!repository) throw new Error(`GitHub has no repository ${repo}`)
  return repository
}

if (import.meta.filename === process.argv[1]) console.table(await run())
