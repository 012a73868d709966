/** The least that a Probot app can be: it checks the signature and does nothing. Started by ack.ts. */
import { generateKeyPairSync } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { pino } from "pino"
import { createNodeMiddleware, Probot } from "probot"

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "pkcs1", format: "pem" },
})
const probot = new Probot({
  appId: 1,
  privateKey,
  secret: process.env.SECRET ?? "",
  log: pino({ level: "warn" }) as never,
})
const middleware = await createNodeMiddleware((app) => app.on("check_run", () => undefined), { probot })
const server = createServer((request, response) => void middleware(request, response))
server.listen(0, "127.0.0.1", () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks`)
})
process.once("SIGTERM", () => process.exit(0))
