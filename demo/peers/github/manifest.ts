import { existsSync, readFileSync } from "node:fs"
import { load } from "js-yaml"

const FILE = new URL("../../../app.yml", import.meta.url)

/** What the App asks for: permissions by name, and events. */
export type Grants = { permissions: Record<string, string>; events: string[] }

/** The permissions and events of the repository's own `app.yml`, so that what works here works with that manifest. */
export function manifestGrants(): Grants {
  if (!existsSync(FILE)) throw new Error("app.yml is missing; it says what the App may do")
  const manifest = load(readFileSync(FILE, "utf8")) as {
    default_permissions?: Record<string, string>
    default_events?: string[]
  }
  return { permissions: manifest.default_permissions ?? {}, events: manifest.default_events ?? [] }
}
