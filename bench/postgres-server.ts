import { chmod, mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findBinaries } from "../src/store/binaries.ts"
import { ensureCluster, SUPERUSER } from "../src/store/cluster.ts"
import { placeCluster } from "../src/store/placement.ts"
import { runCommand } from "../src/store/run-command.ts"

/** A Postgres as somebody would run it for several processes: durable, with room for their connections, on a port. */
export interface PostgresServer {
  readonly url: string
  stop(): Promise<void>
}

const CONNECTIONS = 120

export async function startPostgresServer(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-bench-postgres-"))
  await chmod(folder, 0o755)
  const binaries = await findBinaries(process.getuid?.() === 0)
  const place = await placeCluster(folder)
  await ensureCluster(place, binaries)
  const port = await freePort()
  const settings = [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    `unix_socket_directories=${place.sockets}`,
    `max_connections=${CONNECTIONS}`,
    "shared_buffers=64MB",
  ]
  const control = async (...args: readonly string[]): Promise<void> => {
    const { code, output } = await runCommand(binaries.pgCtl, [...args, "-D", place.cluster, "-w", "-s"], place.runAs)
    if (code !== 0) throw new Error(`Postgres cannot be told to ${args[0]}: ${output}`)
  }
  const log = join(place.cluster, "server.log")
  await control("start", "-l", log, "-o", settings.map((setting) => `-c ${setting}`).join(" "))
  return {
    url: `postgres://${SUPERUSER}@127.0.0.1:${port}/postgres`,
    async stop() {
      await control("stop", "-m", "fast")
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      )
    })
  })
