import type { TestProject } from "vitest/node"
import { startServer } from "./engine/databases.ts"

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
    await Promise.all(servers.map(({ stop }) => stop()))
  }
}
