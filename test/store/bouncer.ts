import { connect, createServer, type Socket } from "node:net"

/** Of a session that came through: what it called itself, and the first statement that it sent. */
export interface Session {
  readonly name: string
  readonly first: string
}

/** What PgBouncer takes of a client's start without a word in its `ignore_startup_parameters`. */
const TAKEN = new Set([
  "user",
  "database",
  "application_name",
  "client_encoding",
  "datestyle",
  "timezone",
  "standard_conforming_strings",
])

/**
 * Stands before a Postgres as PgBouncer does in session mode, with its defaults: a start with a parameter that it does not
 * know is refused. https://www.pgbouncer.org/config.html#ignore_startup_parameters
 *
 * @param url of the Postgres, by TCP and without a password
 */
export async function startBouncer(
  url: string,
): Promise<{ readonly url: string; readonly sessions: Session[]; stop(): void }> {
  const { hostname, port } = new URL(url)
  const sessions: Session[] = []
  const open = new Set<Socket>()
  const server = createServer((client) => {
    open.add(client.on("error", () => client.destroy()))
    void nextMessage(client, 0).then(async (start) => {
      const given = parametersOf(start)
      const unknown = Object.keys(given).find((name) => !TAKEN.has(name.toLowerCase()))
      if (unknown !== undefined) {
        client.end(refusal(`unsupported startup parameter: ${unknown}`))
        return
      }
      const postgres = connect(Number(port), hostname)
      open.add(postgres.on("error", () => client.destroy()))
      postgres.on("close", () => client.destroy())
      client.on("close", () => postgres.destroy())
      postgres.write(start)
      postgres.pipe(client)
      const query = await nextMessage(client, 1)
      sessions.push({ name: given.application_name ?? "", first: query.toString("utf8", 5, query.indexOf(0, 5)) })
      postgres.write(query)
      client.pipe(postgres)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (typeof address !== "object" || !address) throw new Error("no port")
  const stop = () => {
    for (const socket of open) socket.destroy()
    server.close()
  }
  return { url: Object.assign(new URL(url), { port: String(address.port) }).href, sessions, stop }
}

/** What came until a message was whole. @param typed bytes before its length */
function nextMessage(socket: Socket, typed: 0 | 1): Promise<Buffer> {
  return new Promise((resolve) => {
    let came = Buffer.alloc(0)
    socket.on("data", function take(chunk: Buffer) {
      came = Buffer.concat([came, chunk])
      if (came.length < typed + 4 || came.length < typed + came.readInt32BE(typed)) return
      socket.off("data", take)
      socket.pause()
      resolve(came)
    })
    socket.resume()
  })
}

/** Name and value by turns, each ended by a zero, behind the length and the version of the protocol. */
function parametersOf(start: Buffer): Record<string, string> {
  const words = start.toString("utf8", 8).split("\0")
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < words.length && words[at] !== ""; at += 2)
    pairs.push([words[at] ?? "", words[at + 1] ?? ""])
  return Object.fromEntries(pairs)
}

function refusal(because: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C08P01\0M${because}\0\0`)
  const head = Buffer.from("E\0\0\0\0")
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}
