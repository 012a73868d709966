import { readFile } from "node:fs/promises"
import { load } from "js-yaml"
import { z } from "zod"
import type { GitHubApp } from "../peers/github.ts"
import type { Installation } from "../peers/installations.ts"
import type { Finding } from "./finding.ts"

const Manifest = z.object({
  default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])),
  default_events: z.array(z.string()),
})

/** What `app.yml` says that the App is to have. */
export type Manifest = z.infer<typeof Manifest>

/** Reads `app.yml` of this Slipway. @throws if the package lacks it or it is broken: that is a bug */
export async function readManifest(): Promise<Manifest> {
  return Manifest.parse(load(await readFile(new URL("../../app.yml", import.meta.url), "utf8")))
}

type Permissions = { readonly [name: string]: string }

const LEVELS = ["none", "read", "write", "admin"]
const levelOf = (given: Permissions, name: string): string => given[name] ?? "none"
const isLess = (has: string, needs: string): boolean => LEVELS.indexOf(has) < LEVELS.indexOf(needs)

/** Permissions that are missing or too low, such as `contents: write (it has read)`. */
const lacking = (needed: Permissions, given: Permissions): string[] =>
  Object.entries(needed)
    .filter(([name, level]) => isLess(levelOf(given, name), level))
    .map(([name, level]) => `${name}: ${level} (it has ${levelOf(given, name)})`)

/** Compares the App with `app.yml`: too little breaks things, too much is a risk that nobody asked for. */
export function examineApp(manifest: Manifest, app: GitHubApp): Finding[] {
  const missing = lacking(manifest.default_permissions, app.permissions)
  const spare = lacking(app.permissions, manifest.default_permissions).map((text) => text.replace(/ \(.*/, ""))
  const deaf = manifest.default_events.filter((event) => !app.events.includes(event))
  const page = `the App's settings (${app.htmlUrl})`
  return [
    { about: "GitHub", is: "ok", says: `GitHub knows the App: ${app.slug}, owned by ${app.owner}` },
    missing.length === 0
      ? { about: "GitHub", is: "ok", says: "the App asks for every permission of app.yml" }
      : {
          about: "GitHub",
          is: "problem",
          says: `the App does not ask for ${missing.join(", ")}`,
          todo: `Grant it in ${page} under Permissions & events, then accept it in each installation.`,
        },
    ...(spare.length === 0
      ? []
      : [
          {
            about: "GitHub" as const,
            is: "note" as const,
            says: `the App asks for more than Slipway uses: ${spare.join(", ")}; take it away if nothing else needs it`,
          },
        ]),
    deaf.length === 0
      ? { about: "GitHub", is: "ok", says: "the App hears every event of app.yml" }
      : {
          about: "GitHub",
          is: "problem",
          says: `the App does not hear ${deaf.join(", ")}`,
          todo: `Subscribe to it in ${page} under Permissions & events.`,
        },
  ]
}

/** Compares what each installation has accepted with `app.yml`. */
export function examineInstallations(
  manifest: Manifest,
  installations: readonly Installation[],
  serves: (account: string) => boolean,
): Finding[] {
  const served = installations.filter(({ account }) => serves(account))
  const others = installations.filter(({ account }) => !serves(account)).map(({ account }) => account)
  return [
    ...(served.length > 0
      ? served.map((installation) => examineInstallation(manifest, installation))
      : [nowhere(others.length > 0)]),
    ...(others.length === 0
      ? []
      : [
          {
            about: "GitHub" as const,
            is: "note" as const,
            says: `installed, but not served: ${others.join(", ")}; to serve one, add it to ALLOWED_ACCOUNTS`,
          },
        ]),
  ]
}

const nowhere = (elsewhere: boolean): Finding => ({
  about: "GitHub",
  is: "problem",
  says: elsewhere ? "the App is installed in no account that is served" : "the App is installed nowhere",
  todo: "On the App's page choose Install App, or name the account in ALLOWED_ACCOUNTS.",
})

function examineInstallation(manifest: Manifest, { account, suspended, permissions, htmlUrl }: Installation): Finding {
  if (suspended)
    return {
      about: "GitHub",
      is: "problem",
      says: `the installation in ${account} is suspended`,
      todo: `Unsuspend it: ${htmlUrl}`,
    }
  const missing = lacking(manifest.default_permissions, permissions)
  if (missing.length === 0) return { about: "GitHub", is: "ok", says: `installed in ${account}, with every permission` }
  return {
    about: "GitHub",
    is: "problem",
    says: `the installation in ${account} has not accepted ${missing.join(", ")}`,
    todo: `An owner of ${account} accepts it: ${htmlUrl}`,
  }
}
