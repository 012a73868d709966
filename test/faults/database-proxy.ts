import type { AddressInfo } from "node:net"
import { createServer, connect as dial, type Server, type Socket } from "node:net"
import { setTimeout as delay } from "node:timers/promises"

/** What becomes of a commit: it is lost with its session, or done, and its session is lost before anybody hears of it. */
export type CommitFate = "lost" | "done unheard"

export interface DatabaseProxy {
  readonly port: number
  /** Before each thing that the app says from now on. */
  slow(ms: number): void
  /** From now on nobody hears anything, and nobody is told; also later for who came before this ended. */
  silence(isSilent: boolean): void
  /** The next commits of the app, one by one. */
  breakCommits(fates: readonly CommitFate[]): void
  /** Of those, how many are to come. */
  commitsToBreak(): number
  close(): Promise<void>
}

interface Session {
  readonly app: Socket
  readonly server: Socket
  isSilent: boolean
}

/** The simple query that kysely and pg-boss end a transaction with: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const COMMIT = /Q....commit;?\0/is

/** Stands before a Postgres, and lets go what happens to networks. */
export async function startDatabaseProxy(target: number): Promise<DatabaseProxy> {
  const sessions = new Set<Session>()
  let slowMs = 0
  let isSilent = false
  let fates: CommitFate[] = []
  const server: Server = createServer((app) => {
    const session: Session = { app, server: dial(target, "127.0.0.1"), isSilent }
    sessions.add(session)
    const end = () => {
      if (session.isSilent && !app.destroyed) return
      sessions.delete(session)
      app.destroy()
      session.server.destroy()
    }
    for (const socket of [app, session.server]) socket.on("error", end).on("close", end)
    let turn = Promise.resolve()
    let isBroken = false
    app.on("data", (bytes: Buffer) => {
      turn = turn.then(async () => {
        if (slowMs > 0) await delay(slowMs)
        if (session.isSilent || session.server.destroyed) return
        const fate = COMMIT.test(bytes.toString("latin1")) ? fates.shift() : undefined
        if (fate === "lost") return end()
        isBroken = fate === "done unheard"
        session.server.write(bytes)
      })
    })
    session.server.on("data", (bytes: Buffer) => {
      if (isBroken) end()
      else if (!session.isSilent) app.write(bytes)
    })
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  return {
    port: (server.address() as AddressInfo).port,
    slow: (ms) => {
      slowMs = ms
    },
    silence: (now) => {
      isSilent = now
      if (now) for (const session of sessions) session.isSilent = true
    },
    breakCommits: (wanted) => {
      fates = [...wanted]
    },
    commitsToBreak: () => fates.length,
    async close() {
      for (const { app, server: other } of sessions) {
        app.destroy()
        other.destroy()
      }
      await new Promise((closed) => server.close(closed))
    },
  }
}
