import { checkHtml, issueHtml, releaseHtml } from "../../src/render/html-github.ts"
import { escapeHtml } from "../../src/render/html-text.ts"
import type { SeenRepository } from "../peers/github/world.ts"
import type { Page } from "../peers/http-front.ts"
import { page } from "./page.ts"
import { type Place, world } from "./place.ts"
import { existing, readIssue } from "./read-issue.ts"
import { checkView, releaseView } from "./views.ts"

/** A repository, and who looks at it. */
export interface Reader extends Place {
  readonly reader: string
}

/**
 * What stands at an address of the repository.
 * @param inside what follows `owner/name/`, still percent-encoded
 */
export async function repositoryPage(reader: Reader, inside: string, query: URLSearchParams): Promise<Page> {
  const { repo } = reader
  const [kind = "", ...rest] = inside.split("/").map(decodeURIComponent)
  const [first = "", ...below] = rest
  const id = rest.join("/")
  switch (kind) {
    case "runs":
      return page(`Check run ${id}`, repo, checkRun(reader, id))
    case "actions":
      return page(`Workflow run ${below.join("/")}`, repo, workflowRun(reader, below.join("/")))
    case "commit":
      return page(`Commit ${id.slice(0, 7)}`, repo, await commit(reader, first))
    case "releases":
      return page("Releases", repo, releases(world(reader), id.replace(/^tag\//, "")))
    case "compare":
      return page(`What is new: ${id}`, repo, releases(world(reader), id.split("...")[1] ?? ""))
    case "issues":
    case "pull":
      return page(`${repo}#${id}`, "", await issue(reader, Number(id)))
    case "blob":
    case "tree":
      return page(below.join("/") || repo, `${repo} at ${first}`, await content(reader, first, below.join("/")))
    case "rules":
      return page("Rules", repo, await rules(reader, query.get("ref") ?? ""))
    default:
      return page(inside, "", [])
  }
}

const checkRun = (at: Reader, id: string): string[] =>
  world(at)
    .checkRuns.filter((run) => String(run.id) === id)
    .map((run) => checkHtml(checkView(run)))

/** What started it, with what, and how it ended. */
const workflowRun = ({ github, repo }: Reader, id: string): string[] =>
  github
    .runsOf(repo)
    .filter((run) => String(run.id) === id)
    .map(({ path, event, ref, sha, status, conclusion, given }) => {
      const says = `${path} on ${ref} (${sha.slice(0, 7)}), by ${event}: ${conclusion ?? status}`
      return text(`${says}\n\n${JSON.stringify(given, null, 2)}`)
    })

/** What it says, and its checks. */
async function commit(at: Reader, sha: string): Promise<string[]> {
  const { rest, owner, repo } = clientOf(at)
  const found = await existing(rest.repos.getCommit({ owner, repo, ref: sha }))
  if (!found) return []
  const checks = world(at).checkRuns.filter((run) => run.headSha === sha)
  return [text(found.data.commit.message), ...checks.map((run) => checkHtml(checkView(run)))]
}

/** Newest first; all of them where no tag is named. */
const releases = (seen: SeenRepository, tag: string): string[] =>
  seen.releases
    .filter((r) => tag === "" || r.tagName === tag || r.draft)
    .toReversed()
    .map((r) => releaseHtml(releaseView(r)))

async function issue(at: Reader, number: number): Promise<string[]> {
  const found = await readIssue(at, number, at.reader)
  return found ? [issueHtml(found)] : []
}

/** A file's text, or what a folder holds. */
async function content(at: Reader, ref: string, path: string): Promise<string[]> {
  const { rest, owner, repo } = clientOf(at)
  const found = await existing(rest.repos.getContent({ owner, repo, path, ref }))
  if (!found) return []
  const { data } = found
  if (Array.isArray(data)) return [text(data.map(({ name, type }) => (type === "dir" ? `${name}/` : name)).join("\n"))]
  return [text("content" in data ? Buffer.from(data.content, "base64").toString() : "")]
}

async function rules(at: Reader, ref: string): Promise<string[]> {
  const { rest, owner, repo } = clientOf(at)
  const branch = ref.replace(/^refs\/heads\//, "")
  const found = await existing(rest.repos.getBranchRules({ owner, repo, branch }))
  if (!found) return []
  const types = found.data.map(({ type }) => type)
  return [text(`${branch}: ${types.length === 0 ? "no rules" : types.join(", ")}`)]
}

function clientOf({ github, repo: full, reader }: Reader) {
  const [owner = "", repo = ""] = full.split("/")
  return { rest: github.as(reader).rest, owner, repo }
}

const text = (it: string): string =>
  `<article class="card"><div class="markdown"><pre><code>${escapeHtml(it)}</code></pre></div></article>`
