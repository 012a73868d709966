import type { TestProject } from "vitest/node"
import { startServer } from "./engine/databases.ts"
import { leaksInDatabase } from "./secrets/dumped.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** Where the Postgres of each worker listens. */
    readonly postgres: readonly { readonly sockets: string; readonly port: number }[]
  }
}

/** One Postgres for all flows of a worker: each has a database of its own on it, which costs a tenth of a server. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const workers = Array.from({ length: Number(project.vitest.config.maxWorkers) })
  const servers = await Promise.all(workers.map(startServer))
  project.provide(
    "postgres",
    servers.map(({ address }) => address),
  )
  return async () => {
    const leaks = await leaksOf(servers).finally(() => Promise.all(servers.map(({ stop }) => stop())))
    if (leaks.length === 0) return
    // Vitest itself only prints what goes wrong here.
    process.exitCode = 1
    throw new Error(`databases of this run keep secrets:\n${leaks.join("\n")}`)
  }
}

async function leaksOf(servers: readonly Awaited<ReturnType<typeof startServer>>[]): Promise<readonly string[]> {
  const leaks = await Promise.all(
    servers.map(async ({ databases }) => {
      const found: string[] = []
      for (const url of await databases()) found.push(...(await leaksInDatabase(url)))
      return found
    }),
  )
  return [...new Set(leaks.flat())]
}
