import type { SeenCheckRun, SeenRepository } from "../../../demo/peers/github/world.ts"
import type { GitHubPeer } from "../../../demo/peers/github.ts"
import type { SlackMessage, SlackPeer } from "../../../demo/peers/slack.ts"

/** One repository on stage, with what people do in it and what is seen of it. */
export interface Place {
  /** `owner/name` */
  readonly repo: string
  /** What GitHub holds of it. */
  world(): SeenRepository
  /** Releases, drafts among them, oldest first. */
  releases(): SeenRepository["releases"]
  /** The newest readiness check, or that of a commit. */
  readiness(sha?: string): SeenCheckRun
  /** The newest check run of ours of that name. */
  check(name: string, sha?: string): SeenCheckRun
  /** Presses a button of the newest readiness check and waits for what follows. */
  press(button: string, by: string, sha?: string): Promise<SeenCheckRun>
  /** Presses a button of any check run and waits for what follows. */
  pressOn(run: SeenCheckRun, button: string, by: string): Promise<void>
  /** A pipeline deploys, and tells GitHub how that ended; returns the deployment's id. */
  deploy(environment: string, ref: string, by?: string, state?: DeploymentState): Promise<number>
  /** Opens and merges a pull request with one commit; returns its number and the merge commit. */
  merge(by: string, title: string, more?: MergeOptions): Promise<{ number: number; sha: string }>
  /** Pushes one commit straight to the default branch and waits for what follows. `null` deletes a file. */
  push(by: string, message: string, files: Files): Promise<string>
  /** Another App's check reports on a commit. */
  report(name: string, sha: string, conclusion?: string): Promise<void>
  /** The Slack threads of this repository, oldest first. */
  threads(): Promise<SlackMessage[]>
}

type DeploymentState = "in_progress" | "success" | "failure"
type Files = { readonly [path: string]: string | null }

interface MergeOptions {
  readonly method?: "squash" | "merge" | "rebase"
  readonly files?: Files
  readonly body?: string
  readonly labels?: string[]
  readonly order?: "push-first" | "pr-first"
}

interface Surroundings {
  readonly github: GitHubPeer
  readonly slack: SlackPeer
  readonly channel: string
  readonly quiet: () => Promise<void>
  /** Whether a merge and a push wait for what follows. */
  readonly settle: boolean
}

/** The repository `repo`, as people work in it. */
export function placeAt(repo: string, { github, slack, channel, quiet, settle }: Surroundings): Place {
  const afterwards = settle ? quiet : async () => {}
  const place: Place = {
    repo,
    world() {
      const seen = github.world()[repo]
      if (!seen) throw new Error(`GitHub has no repository ${repo}`)
      return seen
    },
    releases: () => place.world().releases,
    readiness: (sha) => place.check("Slipway / readiness", sha),
    check(name, sha) {
      const run = github.checkRuns(repo, { name, ...(sha ? { sha } : {}) })[0]
      if (!run) throw new Error(`there is no check run ${name} in ${repo} yet`)
      return run
    },
    async press(button, by, sha) {
      const run = place.readiness(sha)
      await place.pressOn(run, button, by)
      return place.readiness(run.headSha)
    },
    async pressOn({ id }, button, by) {
      await github.click({ repo, checkRunId: id, identifier: button, by })
      await quiet()
    },
    async deploy(environment, ref, by = "ana", state = "success") {
      const deploymentId = await github.createDeployment({ repo, by, ref, environment })
      await github.setDeploymentStatus({ repo, by, deploymentId, state })
      await quiet()
      return deploymentId
    },
    async merge(by, title, more = {}) {
      const file = more.files ?? { [`src/${title.replace(/\W+/g, "-").slice(0, 40)}.txt`]: `${title}\n` }
      const { number } = await github.openPullRequest({
        repo,
        by,
        title,
        ...(more.body === undefined ? {} : { body: more.body }),
        ...(more.labels === undefined ? {} : { labels: more.labels }),
        commits: [{ message: title, files: { ...file }, author: by }],
      })
      const { sha } = await github.mergePullRequest({
        repo,
        number,
        by: "ana",
        method: more.method ?? "squash",
        ...(more.order === undefined ? {} : { order: more.order }),
      })
      await afterwards()
      return { number, sha }
    },
    async push(by, message, files) {
      const sha = await github.pushCommit({ repo, by, message, files: { ...files }, author: by })
      await afterwards()
      return sha
    },
    async report(name, sha, conclusion = "success") {
      await github.reportCheck({ repo, sha, name, status: "completed", conclusion })
      await quiet()
    },
    threads: async () =>
      (await slack.messages(channel)).filter((message) => JSON.stringify(message.blocks).includes(`/${repo}|`)),
  }
  return place
}
