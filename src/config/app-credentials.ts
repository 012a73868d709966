import { createPrivateKey } from "node:crypto"
import { readNamedFile } from "./read-named-file.ts"

/** Who Slipway is to GitHub. `privateKey` is in PEM form. */
export interface AppCredentials {
  readonly id: string
  readonly privateKey: string
}

type Found = { ok: true; app: AppCredentials } | { ok: false; problems: string[] }
type Given = { readonly [name in "APP_ID" | "PRIVATE_KEY" | "PRIVATE_KEY_PATH"]?: string | undefined }

const CREATE = `Slipway has no GitHub App to act as: APP_ID and PRIVATE_KEY (or PRIVATE_KEY_PATH) are not set. Create one, once:
  1. Open https://github.com/organizations/YOUR-ORGANISATION/settings/apps/new (for a personal account
     https://github.com/settings/apps/new).
  2. Webhook URL: https://YOUR-HOST/api/github/webhooks. Webhook secret: the value of WEBHOOK_SECRET.
  3. Give it exactly the permissions (default_permissions) and events (default_events) of app.yml, and create it.
  4. Copy "App ID" from its page into APP_ID.
  5. "Generate a private key" there: keep the .pem file out of the repository and name it in PRIVATE_KEY_PATH.
  6. "Install App" in the account whose repositories it shall serve, then start Slipway again.`

const NEW_KEY = 'take a .pem file that "Generate a private key" on the App\'s page gave you'

/**
 * Finds the App's id and key in the environment. As Probot does, it takes `PRIVATE_KEY` as PEM text, with its line
 * breaks escaped as `\n`, or in Base64; else it reads the file that `PRIVATE_KEY_PATH` names.
 * @returns what to do about each thing that is missing or wrong; no part of a key is ever in it
 */
export function findAppCredentials({ APP_ID, PRIVATE_KEY, PRIVATE_KEY_PATH }: Given): Found {
  if (APP_ID === undefined && PRIVATE_KEY === undefined && PRIVATE_KEY_PATH === undefined)
    return { ok: false, problems: [CREATE] }
  const key = PRIVATE_KEY === undefined ? fromFile(PRIVATE_KEY_PATH) : fromText(PRIVATE_KEY, "PRIVATE_KEY")
  const problems = key.ok ? [] : [key.problem]
  if (APP_ID === undefined) problems.unshift("APP_ID is not set: copy the App ID from the App's page on GitHub")
  else if (!/^[1-9]\d{0,15}$/.test(APP_ID))
    problems.unshift('APP_ID must be the number that the App\'s page on GitHub shows as "App ID"')
  return key.ok && APP_ID !== undefined && problems.length === 0
    ? { ok: true, app: { id: APP_ID, privateKey: key.pem } }
    : { ok: false, problems }
}

type Key = { ok: true; pem: string } | { ok: false; problem: string }

function fromFile(path: string | undefined): Key {
  if (path === undefined)
    return {
      ok: false,
      problem: `PRIVATE_KEY and PRIVATE_KEY_PATH are not set: ${NEW_KEY}, and name it in PRIVATE_KEY_PATH`,
    }
  const file = readNamedFile("PRIVATE_KEY_PATH", path)
  return file.ok ? fromText(file.text, `the file ${path} that PRIVATE_KEY_PATH names`) : file
}

function fromText(given: string, source: string): Key {
  const pem = normalise(given)
  try {
    if (createPrivateKey(pem).asymmetricKeyType === "rsa") return { ok: true, pem }
    return { ok: false, problem: `${source} holds a key that is not RSA: ${NEW_KEY}` }
  } catch {
    // The cause is left out on purpose: OpenSSL's messages are no help here, and nothing of a key may reach a log.
    return { ok: false, problem: `${source} holds no private key that can be read: ${NEW_KEY}` }
  }
}

function normalise(given: string): string {
  const unquoted = given.trim().replace(/^"(.*)"$/s, "$1")
  const text = unquoted.includes("-----BEGIN") ? unquoted : Buffer.from(unquoted, "base64").toString("utf8")
  return `${text.replaceAll("\\n", "\n").trim()}\n`
}
