import type { Stage } from "./stage.ts"

/** How people work on branches that are made from a tag, and deploy what comes of them. */
export function hotfixesOn(stage: Stage) {
  const { github, repo } = stage
  return {
    async branch(name: string, at: string): Promise<void> {
      await github.pushForce({ repo, by: "ana", branch: name, to: at })
      await stage.quiet()
    },
    /** Merges a pull request of ben's into a branch; returns the commit. */
    async fix(
      base: string,
      title: string,
      files: { readonly [path: string]: string } = { "fix.txt": title },
    ): Promise<string> {
      const commits = [{ message: title, files, author: "ben" }]
      const { number } = await github.openPullRequest({ repo, by: "ben", base, title, commits })
      const { sha } = await github.mergePullRequest({ repo, number, by: "ana", method: "squash" })
      await stage.quiet()
      return sha
    },
    async release(sha: string): Promise<void> {
      await stage.press("approve", "cleo", sha)
      await stage.press("publish", "cleo", sha)
    },
    async deploy(tag: string): Promise<number> {
      const run = github.startDeploying({ repo, by: "ben", ref: tag, environment: "production" })
      await stage.quiet()
      return run
    },
    /** On `Slipway / production` of a commit. */
    async press(identifier: string, by: string, sha: string): Promise<void> {
      await github.click({ repo, checkRunId: stage.check("Slipway / production", sha).id, identifier, by })
      await stage.quiet()
    },
    verdict: (run: number) => github.answersOf(repo, run)[0]?.verdict,
    async ends(runId: number, state: "success" | "failure"): Promise<void> {
      github.endDeploying({ repo, runId, state })
      await stage.quiet()
    },
  }
}
