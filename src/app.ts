import type { Probot } from "probot"
import type { Engine } from "./engine/engine.ts"
import { issuesElsewhere } from "./signals/issues.ts"
import { organisationChanged } from "./signals/organisation.ts"
import { type Translation, translate } from "./signals/translate.ts"

type Signal = Extract<Translation, { is: "signals" }>["signals"][number]
type Repository = Extract<Translation, { is: "signals" }>["repo"]
type Installation = Extract<Translation, { is: "installed" | "uninstalled" }>
type Repositories = Installation["repositories"]

/** What became of a webhook. `refused`: it lacks what its event promises. `failed`: it could not be kept. */
type Answer =
  | { readonly is: "stored" | "duplicate" | "ignored" }
  | { readonly is: "refused"; readonly because: string }
  | { readonly is: "failed"; readonly because: string }

export interface AppOptions {
  readonly appId: string
  /** Root of GitHub's API, where we use it. */
  readonly apiUrl: string
  readonly engine: Pick<Engine<Signal>, "ingest">
  /** Undefined while GitHub has not said who owns the App. */
  readonly serves: (account: string) => boolean | undefined
  /** Repositories that we have worked on: those of an installation, or those with the ids. */
  readonly known: (of: { installation: string; repositories: Repositories }) => Promise<readonly Repository[]>
  /** Repositories of the same installation that extend this one's file of an organisation. */
  readonly extending: (repo: Repository) => Promise<readonly Repository[]>
  /** Repositories of the same account and installation that want to hear of these subjects of this one. */
  readonly listening: (repo: Repository, subjects: readonly string[]) => Promise<readonly Repository[]>
  /** Begins to look at the repositories of an installation that we have not worked on yet. */
  readonly adopt: (installation: string) => void
  /** When GitHub first tried to deliver a webhook that did not arrive. Undefined: as far as is known, it did. */
  readonly missedSince: (delivery: string) => Promise<Date | undefined>
  readonly now: () => Date
}

export interface App {
  /** For `probot.load`. */
  readonly load: (probot: Probot) => void
  /** What became of the webhook with this payload, once Probot's `receive` has resolved. */
  readonly answerTo: (payload: object) => Answer
}

/** A stranger's installations are many, if the App is public; each account is named once. */
const STRANGERS_NAMED = 1_000

/**
 * The Probot function: each event that Slipway listens to is translated, and given to the engine.
 *
 * Probot gives a handler no way to answer, and logs what it throws together with the whole payload. So nothing is
 * thrown, and the answer is left beside the payload, where `answerTo` finds it.
 */
export function createApp(options: AppOptions): App {
  const answers = new WeakMap<object, Answer>()
  const strangers = new Set<string>()

  async function answer(probot: Probot, id: string, event: string, payload: object): Promise<Answer> {
    const at = await instantOf(id, event, payload)
    const translation = translate({ event, delivery: id, payload, appId: options.appId, apiUrl: options.apiUrl, at })
    if (translation.is === "nothing") return { is: "ignored" }
    if (translation.is === "malformed") {
      const because = `The payload of ${event} has no usable ${translation.field}: ${translation.because}.`
      probot.log.warn({ delivery: id, event, field: translation.field }, because)
      return { is: "refused", because }
    }
    const account = translation.is === "signals" ? translation.repo.owner : translation.account
    const serves = options.serves(account)
    if (serves === undefined)
      return {
        is: "failed",
        because: "GitHub could not be asked yet who owns the App. Deliver this again in a minute.",
      }
    // guard: stranger
    if (!serves) {
      turnAway(probot, account)
      return { is: "ignored" }
    }
    if (translation.is === "signals") return await hear(id, translation.repo, translation.signals)
    return await change(id, translation)
  }

  /**
   * When it came. A press that did not arrive, and was asked for, is of when it was made: for how long it holds rests on that.
   * Anything else says so itself, or counts from when Slipway heard of it.
   */
  async function instantOf(id: string, event: string, payload: object): Promise<string> {
    const now = options.now()
    const isPress = event === "check_run" && "action" in payload && payload.action === "requested_action"
    const made = isPress ? await options.missedSince(id) : undefined
    return (made && made < now ? made : now).toISOString()
  }

  /** Who extends a file that was pushed to is woken with it: what it says is read, and no payload is believed. */
  async function hear(id: string, repo: Repository, signals: readonly Signal[]): Promise<Answer> {
    await tellOthers(id, repo, signals)
    const changed = organisationChanged(repo, signals)
    const extending = changed ? await options.extending(repo) : []
    for (const other of extending)
      if (changed && other.id !== repo.id) await options.engine.ingest({ id, repo: other, signals: [changed] })
    const isOwn = extending.some((other) => other.id === repo.id)
    return {
      is: await options.engine.ingest({ id, repo, signals: changed && isOwn ? [...signals, changed] : signals }),
    }
  }

  /** A feature of a plan elsewhere may be bound to an issue that was closed here. */
  async function tellOthers(id: string, repo: Repository, signals: readonly Signal[]): Promise<void> {
    for (const told of issuesElsewhere(repo, signals))
      for (const other of await options.listening(repo, [told.subject]))
        await options.engine.ingest({ id, repo: other, signals: [told.signal] })
  }

  /** An installation's payload names no default branches: what we know is woken, the rest is adopted by asking GitHub. */
  async function change(id: string, { is, installation, repositories, because }: Installation): Promise<Answer> {
    const signal: Signal = is === "installed" ? { kind: "look", because } : { kind: "uninstalled" }
    let result: Answer["is"] & ("stored" | "duplicate" | "ignored") = "ignored"
    for (const repo of await options.known({ installation, repositories })) {
      const kept = await options.engine.ingest({ id, repo: { ...repo, installation }, signals: [signal] })
      if (result !== "stored") result = kept
    }
    if (is === "installed") options.adopt(installation)
    return { is: result }
  }

  function turnAway(probot: Probot, account: string): void {
    const name = account.toLowerCase()
    if (strangers.has(name) || strangers.size >= STRANGERS_NAMED) return
    strangers.add(name)
    probot.log.warn(
      { account },
      `The App is installed by ${account}, which is not served: nothing is done there. To serve it, add it to ALLOWED_ACCOUNTS; else uninstall the App there, or make it private.`,
    )
  }

  return {
    load: (probot) => {
      const handle = async (webhook: { id: string; name: string; payload: object }): Promise<void> => {
        const { id, name, payload } = webhook
        const kept = await answer(probot, id, name, payload).catch((err: unknown): Answer => {
          probot.log.error({ err, delivery: id, event: name }, "a webhook could not be kept; GitHub was told so")
          return {
            is: "failed",
            because: "It could not be kept: the database does not answer. Deliver it again later.",
          }
        })
        answers.set(payload, kept)
      }
      probot.on("push", handle)
      probot.on("pull_request", handle)
      probot.on("issues", handle)
      probot.on("check_run", handle)
      probot.on("check_suite", handle)
      probot.on("status", handle)
      probot.on("deployment", handle)
      probot.on("deployment_status", handle)
      probot.on("deployment_protection_rule", handle)
      probot.on("release", handle)
      probot.on("workflow_run", handle)
      probot.on("repository", handle)
      probot.on("installation", handle)
      probot.on("installation_repositories", handle)
    },
    answerTo: (payload) => answers.get(payload) ?? { is: "ignored" },
  }
}
