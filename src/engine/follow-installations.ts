import { randomUUID } from "node:crypto"
import type { Log } from "../model/log.ts"
import type { Repository } from "../model/repository.ts"
import type { FollowedRepository } from "../store/followed-repositories.ts"

type Word = { readonly kind: "uninstalled" } | { readonly kind: "look"; readonly because: string }

export interface FollowOptions {
  /** Where the App is installed and may work; `open`: it is not suspended. A throw means: later. */
  readonly installations: () => Promise<
    readonly { readonly id: string; readonly account: string; readonly open: boolean }[]
  >
  readonly serves: (account: string) => boolean | undefined
  /** All that an installation reaches; "shut" if it was closed since. A throw means: later. */
  readonly reached: (installation: string) => Promise<readonly Repository[] | "shut">
  /** What we have worked on. */
  readonly followed: () => Promise<readonly FollowedRepository[]>
  readonly ingest: (delivery: {
    readonly id: string
    readonly repo: Repository
    readonly signals: readonly Word[]
  }) => Promise<unknown>
  /** Begins to look at repositories of an installation that nothing is known of. */
  readonly adopt: (installation: string) => void
  readonly log: Log
}

/**
 * Compares where the App is installed with what we take for it, and says to each repository what it did not hear: that the
 * App left, that it came back, or that it is new. It asks, and believes no webhook: that of a suspension can come after
 * that of its end, and any of them never. One list of the installations, and one for 100 repositories of each.
 *
 * What we know is read first. So nothing is taken for gone that came while the lists were read.
 *
 * @throws what the list of installations throws; of one whose own list fails nothing is concluded
 */
export async function followInstallations(options: FollowOptions): Promise<void> {
  const { serves, adopt, log } = options
  const before = await options.followed()
  const installations = await options.installations()
  const open = new Map<string, Repository>()
  const whole = new Set<string>()
  for (const { id } of installations.filter((one) => one.open && serves(one.account) === true)) {
    const repositories = await options.reached(id).catch((err: unknown) => {
      log.warn({ err, installation: id }, "the repositories of an installation could not be compared; trying again")
      return "unknown" as const
    })
    if (repositories === "unknown") adopt(id)
    if (repositories === "unknown" || repositories === "shut") continue
    whole.add(id)
    for (const repo of repositories) open.set(repo.id, repo)
    if (repositories.some((repo) => before.every((known) => known.repo.id !== repo.id))) adopt(id)
  }
  const unserved = new Set(installations.filter(({ account }) => serves(account) !== true).map(({ id }) => id))
  for (const { repo, left } of before) {
    const now = open.get(repo.id)
    // An installation whose list did not come, or that we do not serve any more, says nothing about a repository.
    const isGone = !now && (whole.has(repo.installation) || isClosed(installations, repo.installation))
    if (now && (left || now.installation !== repo.installation))
      await say(options, now, { kind: "look", because: "the App is installed here again" })
    else if (!left && isGone && !unserved.has(repo.installation)) await say(options, repo, { kind: "uninstalled" })
  }
}

const isClosed = (installations: readonly { readonly id: string; readonly open: boolean }[], id: string): boolean =>
  !installations.some((one) => one.id === id && one.open)

async function say({ ingest, log }: FollowOptions, repo: Repository, word: Word): Promise<void> {
  log.info({ repository: repo.id, said: word.kind }, "what GitHub's webhooks did not tell of an installation was found")
  await ingest({ id: `follow:${randomUUID()}`, repo, signals: [word] })
}
