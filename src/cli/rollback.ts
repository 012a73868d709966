import { type IncidentRequest, renderIncidentRequest } from "../render/incident-request.ts"
import type { Command } from "./command.ts"
import { githubToken } from "./github-token.ts"
import { ofEnvironment } from "./of-environment.ts"
import { openIncident } from "./open-incident.ts"
import { gitHubApi, hostOf, repositoryMeant } from "./repository-meant.ts"

export const rollback: Command = {
  help: `slipway rollback: ask for an environment to be rolled back, in your own name.

Usage: slipway rollback ENVIRONMENT [--to VERSION] [--from VERSION] [--component NAME] [--because TEXT]
                        [--repository OWNER/REPO] [--json]

It opens an issue with the label that \`incident.label\` of slipway.yml names, by your own token, so that GitHub vouches for who
asked. The App that runs reads it, and does what \`Roll back\` on the environment's check would do for you: by the same rules,
for those who may. What came of it stands in a comment on the issue, and in the release's thread.

  --to VERSION             an earlier release that was live and well there; the last known good one unless given
  --from VERSION           the release that is bad; what is live there unless given
  --component NAME         of a repository that has several
  --because TEXT           one line, for everybody who is told
  --repository OWNER/REPO  without it the one that this clone's remote \`origin\` names, at the same GitHub
  --json                   a JSON document: repository, number, url, label, people

Environment: GITHUB_TOKEN, your own, which may write issues; without it that of \`gh auth token\`. GITHUB_API_URL, for GitHub
Enterprise Server.

Exit codes: 0 it is asked for; 1 it could not be, and standard error says why; 2 wrong usage.
`,

  async run(args, terminal) {
    const { environment, values } = ofEnvironment(args, {
      to: { type: "string" },
      from: { type: "string" },
      component: { type: "string" },
      because: { type: "string" },
      repository: { type: "string" },
      json: { type: "boolean", default: false },
    })
    const { json, repository: named, ...asked } = values
    const baseUrl = gitHubApi(process.env)
    const repository = await repositoryMeant(named, terminal.directory, baseUrl)
    const request: IncidentRequest = { environment, ...asked }
    const token = await githubToken(process.env, hostOf(baseUrl))
    const opened = await openIncident({ ...repository, token, baseUrl }, request, renderIncidentRequest(request))
    if (json) terminal.out(`${JSON.stringify(opened, null, 2)}\n`)
    else terminal.out(`${story(opened, request).join("\n")}\n`)
    return 0
  },
}

type Opened = Awaited<ReturnType<typeof openIncident>>

const story = ({ number, url, label, people }: Opened, { environment, to }: IncidentRequest): readonly string[] => [
  `asked for: #${number}, labelled “${label}”`,
  url,
  "",
  `Slipway rolls ${environment} back to ${to ?? "the last known good release"}, if you may ask for it${people === 2 ? " and a second person does as well" : ""}.`,
  ...(people === 2 ? ["They press Roll back on the environment's check, or call this command, within an hour."] : []),
  "What came of it stands in a comment there within seconds, and in the release's thread.",
]
