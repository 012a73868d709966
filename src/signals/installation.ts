import { z } from "zod"
import { Id, Text } from "./payload.ts"

/** The App came to repositories, or left them. `repositories`: their ids; "all" of the installation. */
export interface InstallationChange {
  readonly is: "installed" | "uninstalled"
  readonly installation: string
  readonly account: string
  readonly repositories: readonly string[] | "all"
  readonly because: string
}

const Event = z.object({
  action: z.string(),
  installation: z.object({ id: Id, account: z.object({ login: Text }) }),
})

const Ids = z.array(z.object({ id: Id })).transform((list) => list.map(({ id }) => id))
const Listed = z.object({ repositories: Ids.optional() })
const Added = z.object({ repositories_added: Ids })
const Removed = z.object({ repositories_removed: Ids })

/** The App was installed, uninstalled, suspended, woken, or given the permissions that it had asked for. */
export function installation(payload: unknown): InstallationChange | undefined {
  const { action, ...of } = named(payload)
  const repositories = Listed.parse(payload).repositories ?? "all"
  switch (action) {
    case "created":
      return { is: "installed", ...of, repositories, because: "the App was installed" }
    case "unsuspend":
      return { is: "installed", ...of, repositories: "all", because: "the installation was unsuspended" }
    case "new_permissions_accepted":
      return { is: "installed", ...of, repositories: "all", because: "new permissions were granted" }
    case "deleted":
      return { is: "uninstalled", ...of, repositories: "all", because: "the App was uninstalled" }
    case "suspend":
      return { is: "uninstalled", ...of, repositories: "all", because: "the installation was suspended" }
    default:
      return undefined
  }
}

/** Repositories were added to an installation, or taken from it. */
export function installationRepositories(payload: unknown): InstallationChange | undefined {
  const { action, ...of } = named(payload)
  switch (action) {
    case "added":
      return {
        is: "installed",
        ...of,
        repositories: Added.parse(payload).repositories_added,
        because: "the repository was added to the installation",
      }
    case "removed":
      return {
        is: "uninstalled",
        ...of,
        repositories: Removed.parse(payload).repositories_removed,
        because: "the repository was removed from the installation",
      }
    default:
      return undefined
  }
}

function named(payload: unknown): { action: string; installation: string; account: string } {
  const { action, installation } = Event.parse(payload)
  return { action, installation: installation.id, account: installation.account.login }
}
