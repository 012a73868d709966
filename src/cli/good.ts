import { whereReleasesAre } from "../decide/places.ts"
import type { Place, Whereabouts } from "../model/places.ts"
import { isSameEnvironment } from "../model/protection.ts"
import { withDatabase } from "./audit/trail.ts"
import { type Command, ProblemFound } from "./command.ts"
import { ofEnvironment } from "./of-environment.ts"
import { oneRepository } from "./one-repository.ts"

export const good: Command = {
  help: `slipway good: the last known good release of an environment.

Usage: slipway good ENVIRONMENT [--component NAME] [--repository OWNER/REPO] [--json]

The newest release that was live there and verified, and was not rolled back: where \`Roll back\` leads to, unless it is
what is live. Printed as its version and its commit. The database is that of DATABASE_URL, or the embedded one in
SLIPWAY_DATA_DIR, also beside a Slipway that runs on it; GitHub is asked nothing.

  --component NAME         of a repository that has several
  --repository OWNER/REPO  where Slipway knows more than one
  --json                   a JSON document: repository, environment, component, version, sha, since

Exit codes: 0 it is printed; 1 there is none, and standard error says why; 2 wrong usage.
`,

  async run(args, terminal) {
    const { environment, values } = ofEnvironment(args, {
      component: { type: "string" },
      repository: { type: "string" },
      json: { type: "boolean", default: false },
    })
    const all = await withDatabase(process.env, "read", async ({ db }) => {
      const { repo, state } = await oneRepository(db, values.repository)
      return whereReleasesAre(repo, state)
    })
    const { component, version, sha, since } = goodIn(all, environment, values.component)
    const { repository } = all
    terminal.out(
      values.json
        ? `${JSON.stringify({ repository, environment, component, version, sha, since }, null, 2)}\n`
        : `${version} ${sha}\n`,
    )
    return 0
  },
}

/** @throws ProblemFound with the reason why there is none */
export function goodIn(
  all: Whereabouts,
  environment: string,
  component: string | undefined,
): { readonly component: string; readonly version: string; readonly sha: string; readonly since: string } {
  const name = all.environments.find((one) => isSameEnvironment(one, environment))
  if (name === undefined)
    throw new ProblemFound(
      `${all.repository} has no environment ${environment}${among(all.environments, "there is", "there are")}`,
    )
  const which = componentMeant(all, component)
  const place = all.places.find((one) => one.environment === name && one.component === which)
  if (place?.good) return { component: which, ...place.good }
  throw new ProblemFound(`${which === "" ? name : `${which} in ${name}`} has no last known good release: ${why(place)}`)
}

function componentMeant({ components, repository }: Whereabouts, component: string | undefined): string {
  if (component === undefined) {
    if (components.length === 1) return components[0] ?? ""
    throw new ProblemFound(`${repository} has several components: say which by --component (${named(components)})`)
  }
  if (components.includes(component)) return component
  throw new ProblemFound(`${repository} has no component ${component}${among(components, "there is", "there are")}`)
}

const among = (names: readonly string[], one: string, many: string): string =>
  names.length === 0 ? "" : `; ${names.length === 1 ? one : many} ${named(names)}`

const named = (names: readonly string[]): string => names.map((name) => name || "the whole repository").join(", ")

function why(place: Place | undefined): string {
  if (!place?.live) return "no release was ever live there that Slipway heard of"
  const { version, state } = place.live
  switch (state) {
    case "verifying":
      return `${version} is still being verified, and nothing was good before it`
    case "failed":
      return `${version} failed its verification, and nothing was good before it`
    default:
      return `${version} is live there, and is not known to be good`
  }
}
