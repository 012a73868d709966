import type { SeenCheckRun, SeenRepository } from "../peers/github/world.ts"
import type { GitHubPeer } from "../peers/github.ts"
import { StepFailed, until } from "./teller.ts"

/** A repository that the story plays in. */
export interface Place {
  readonly github: GitHubPeer
  /** `owner/name` */
  readonly repo: string
}

export type SeenRelease = SeenRepository["releases"][number]

const READINESS = "Slipway / readiness"

export const world = ({ github, repo }: Place): SeenRepository => {
  const seen = github.world()[repo]
  if (!seen) throw new StepFailed(`GitHub has no repository ${repo}`)
  return seen
}

export const check = ({ github, repo }: Place, sha: string, name = READINESS): SeenCheckRun | undefined =>
  github.checkRuns(repo, { sha, name })[0]

export const runUrl = ({ github, repo }: Place, run: SeenCheckRun): string => `${github.url}/${repo}/runs/${run.id}`

export const pullUrl = ({ github, repo }: Place, number: number): string => `${github.url}/${repo}/pull/${number}`

export const releasesUrl = ({ github, repo }: Place): string => `${github.url}/${repo}/releases`

/** @throws StepFailed if it does not come to hold */
export async function waitForCheck(
  place: Place,
  sha: string,
  expected: string,
  holds: (run: SeenCheckRun) => boolean,
  name = READINESS,
): Promise<SeenCheckRun> {
  const look = () => {
    const run = check(place, sha, name)
    return run && holds(run) ? run : undefined
  }
  return await until(`${name} to be ${expected}`, look, () => [
    check(place, sha, name)?.title,
    check(place, sha, name)?.summary,
  ])
}

/** The draft, once it is as wanted. */
export const waitForDraft = (
  place: Place,
  expected: string,
  holds: (draft: SeenRelease) => boolean,
): Promise<SeenRelease> =>
  until(
    expected,
    () => world(place).releases.find((release) => release.draft && holds(release)),
    () => world(place).releases,
  )

/** Presses a button and gives the page that answers. */
export async function press(
  place: Place,
  at: { readonly sha: string; readonly name?: string },
  button: string,
  by: string,
  expected: string,
  holds: (run: SeenCheckRun) => boolean,
): Promise<SeenCheckRun> {
  const run = check(place, at.sha, at.name)
  if (!run) throw new StepFailed(`there is no ${at.name ?? READINESS} check on ${at.sha}`)
  await place.github.click({ repo: place.repo, checkRunId: run.id, identifier: button, by })
  return await waitForCheck(place, at.sha, expected, holds, at.name)
}

export const isPublished = ({ title }: SeenCheckRun): boolean => / is published/.test(title ?? "")
