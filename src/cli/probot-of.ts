import { Probot } from "probot"
import type { Settings } from "../config/environment.ts"
import { slipwayOctokit } from "../peers/github-octokit.ts"
import { createLog } from "../telemetry/log.ts"

/** The App as a command speaks for it: it says nothing in a log, since what matters stands in the answer. */
export const probotOf = ({ app, webhookSecrets, githubApiUrl, requestTimeoutMs }: Settings): Probot =>
  new Probot({
    appId: app.id,
    privateKey: app.privateKey,
    secret: webhookSecrets[0],
    baseUrl: githubApiUrl,
    Octokit: slipwayOctokit({ version: "doctor", requestTimeoutMs }),
    log: createLog({ level: "silent" }),
  })
