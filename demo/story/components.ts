import type { SeenCheckRun } from "../peers/github/world.ts"
import { MANAGER } from "./people.ts"
import { isPublished, type Place, press, pullUrl, releasesUrl, runUrl, waitForCheck, world } from "./place.ts"
import { merge, type Proposal, propose } from "./propose.ts"
import { type Step, StepFailed, until } from "./teller.ts"

/** What the second act leaves behind, for showing. */
export interface ToldOfComponents {
  /** The release pull request of the component that is released. */
  readonly pull: ReleasePull
  readonly approved: SeenCheckRun
  readonly published: SeenCheckRun
  readonly tags: readonly string[]
}

export interface ReleasePull {
  readonly number: number
  readonly title: string
  readonly body: string
  readonly headSha: string
  readonly files: readonly { readonly path: string; readonly text: string }[]
}

/** What the repository of the second act begins with. */
export const CONFIG = `# yaml-language-server: $schema=../schemas/slipway.schema.json
branches: [main, { name: next, channel: rc }]
publish: { mode: pull-request }
components:
  api:
    path: services/api/**
    manifests: [services/api/package.json]
    changelog: services/api/CHANGELOG.md
  web:
    path: services/web/**
    manifests: [services/web/package.json]
    changelog: services/web/CHANGELOG.md
`
const VERSIONS = { api: "1.2.0", web: "0.4.0" }
export const TAGS = Object.entries(VERSIONS).map(([name, version]) => `${name}-v${version}`)
export const FILES = Object.fromEntries(
  Object.entries(VERSIONS).map(([name, version]) => [
    `services/${name}/package.json`,
    `${JSON.stringify({ name: `@acme/${name}`, version }, null, 2)}\n`,
  ]),
)

/** @throws StepFailed where something does not hold */
export async function playComponents(place: Place, by: string, step: Step): Promise<ToldOfComponents> {
  const { pull } = await step("Two components change", () => twoChange(place, by))
  const { shows: approved } = await step(`${MANAGER} approves api`, () => approve(place, pull, "1.3.0"))
  const { shows: published } = await step(`${MANAGER} merges its release pull request`, async () => {
    const { sha, run } = await mergeRelease(place, pull, "api-v1.3.0")
    const [before, after] = await Promise.all([pull.headSha, sha].map((at) => treeOf(place, at)))
    if (before !== after) throw new StepFailed(`${sha} has the tree ${after}, not ${before}, which was approved`)
    if (Object.keys(world(place).tags).some((tag) => tag.startsWith("web-v0.4.1")))
      throw new StepFailed("web was released along")
    return {
      what: `its tree is the approved one, so the approval holds: api-v1.3.0 stands on the merge ${sha.slice(0, 7)}; web waits for its own`,
      url: runUrl(place, run),
      anchor: "components-published",
      shows: run,
    }
  })
  await step("A channel", () => channel(place, by))
  return { pull, approved, published, tags: ["api-v1.3.0", "api-v2.0.0-rc.1"] }
}

const change = (component: string, title: string, by: string, base?: string): Proposal => ({
  title,
  by,
  files: { [`services/${component}/${title.replace(/\W+/g, "-")}.txt`]: `${title}\n` },
  ...(base === undefined ? {} : { base }),
})

async function twoChange(place: Place, by: string) {
  await merge(place, await propose(place, change("web", "fix: round the corners", by)))
  await merge(place, await propose(place, change("api", "feat: pay by invoice", by)))
  const api = await releasePull(place, "main--api", "api 1.3.0")
  const web = await releasePull(place, "main--web", "web 0.4.1")
  const stray = [api, web].find(({ files }) => new Set(files.map(({ path }) => path.split("/")[1])).size > 1)
  if (stray || api.body.includes("round the corners") || web.body.includes("pay by invoice"))
    throw new StepFailed(`the components are mixed:\n${JSON.stringify([api, web], null, 2)}`)
  const names = [api, web].map(({ number, title }) => `#${number} “${title}”`).join(" and ")
  return {
    what: `each has a release pull request of its own, ${names}: one signed commit with package.json and CHANGELOG.md, and only its own notes`,
    url: pullUrl(place, api.number),
    anchor: "release-pull",
    pull: api,
  }
}

const name = (component: string) => `Slipway / readiness (${component})`

async function approve(place: Place, { headSha: sha }: ReleasePull, version: string) {
  const isAsked = (run: SeenCheckRun) => run.actions.some(({ identifier }) => identifier === "approve")
  await waitForCheck(place, sha, "waiting for an approval", isAsked, name("api"))
  const isReady = ({ conclusion }: SeenCheckRun) => conclusion === "success"
  const run = await press(place, { sha, name: name("api") }, "approve", MANAGER, `ready: ${version}`, isReady)
  return { what: `“${run.title}”`, url: runUrl(place, run), anchor: "components-approved", shows: run }
}

async function mergeRelease(place: Place, pull: ReleasePull, tag: string) {
  const sha = await merge(place, pull)
  const run = await waitForCheck(place, sha, "published", isPublished, name("api"))
  const at = world(place).tags[tag]
  if (at !== sha) throw new StepFailed(`${tag} stands on ${at}, not on the merge commit ${sha}`)
  return { sha, run }
}

/** A breaking change on `next` becomes a candidate of 2.0.0; what GitHub shows as the latest release stays. */
async function channel(place: Place, by: string) {
  const { github, repo } = place
  const to = world(place).branches.main ?? ""
  await github.pushForce({ repo, by: MANAGER, branch: "next", to })
  await merge(place, await propose(place, change("api", "feat!: drop the old API", by, "next")))
  const pull = await releasePull(place, "next--api", "api 2.0.0-rc.1")
  await approve(place, pull, "2.0.0-rc.1")
  await mergeRelease(place, pull, "api-v2.0.0-rc.1")
  const { latest, releases } = world(place)
  const made = releases.find(({ tagName }) => tagName === "api-v2.0.0-rc.1")
  if (!made?.prerelease || latest !== "api-v1.3.0") throw new StepFailed(`the latest release is ${latest}`)
  return {
    what: `a breaking change on next is published as the prerelease ${made.tagName}; the latest release stays ${latest}`,
    url: releasesUrl(place),
    anchor: "components-releases",
  }
}

/** The open pull request from Slipway's own branch, with the files that it changes as they will stand. */
async function releasePull(place: Place, branch: string, title: string): Promise<ReleasePull> {
  const { rest } = place.github.as(MANAGER)
  const [owner = "", repo = ""] = place.repo.split("/")
  const find = async () => {
    const { data } = await rest.pulls.list({ owner, repo, state: "open", head: `${owner}:slipway/release/${branch}` })
    return data.find((pull) => pull.title.endsWith(title))
  }
  const pull = await until(`a release pull request of ${title}`, find, () => world(place).branches)
  const ref = pull.head.sha
  const { data: commit } = await rest.repos.getCommit({ owner, repo, ref })
  if (!commit.commit.verification?.verified) throw new StepFailed(`the commit of #${pull.number} is not signed`)
  const files = (commit.files ?? []).map(async ({ filename: path }) => {
    const { data } = await rest.repos.getContent({ owner, repo, path, ref })
    return { path, text: "content" in data ? Buffer.from(data.content, "base64").toString() : "" }
  })
  const { number, body } = pull
  return { number, title: pull.title, body: body ?? "", headSha: ref, files: await Promise.all(files) }
}

async function treeOf({ github, repo: full }: Place, ref: string): Promise<string> {
  const [owner = "", repo = ""] = full.split("/")
  return (await github.as(MANAGER).rest.repos.getCommit({ owner, repo, ref })).data.commit.tree.sha
}
