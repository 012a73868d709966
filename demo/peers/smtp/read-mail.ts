/** An e-mail as a client shows it: of the formats that there are, those that Slipway writes. */
export interface ReadMail {
  /** By name in small letters, decoded. A header that comes twice is a mistake, and thrown. */
  readonly headers: { readonly [name: string]: string }
  readonly text: string
  readonly html: string
}

/** @throws Error for what no client would read */
export function readMail(source: string): ReadMail {
  const { headers, body } = split(source)
  const boundary = /boundary="?([^";]+)"?/.exec(headers["content-type"] ?? "")?.[1]
  if (!headers["content-type"]?.startsWith("multipart/alternative") || boundary === undefined)
    throw new Error(`not text and HTML beside each other: ${headers["content-type"]}`)
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => split(part.replace(/^\r\n/, "")))
  const of = (type: string) => {
    const found = parts.filter((part) => part.headers["content-type"]?.startsWith(type))
    if (found.length !== 1 || !found[0]) throw new Error(`${found.length} parts of ${type}`)
    return decoded(found[0])
  }
  if (parts.length !== 2) throw new Error(`${parts.length} parts`)
  return { headers, text: of("text/plain"), html: of("text/html") }
}

interface Part {
  readonly headers: ReadMail["headers"]
  readonly body: string
}

function split(source: string): Part {
  const end = source.indexOf("\r\n\r\n")
  const head = source.slice(0, end).replace(/\r\n[ \t]+/g, " ")
  const headers: Record<string, string> = {}
  for (const line of head.split("\r\n")) {
    const [, name = "", value = ""] = /^([!-9;-~]+): ?(.*)$/.exec(line) ?? []
    if (name === "") throw new Error(`no header: ${line}`)
    if (headers[name.toLowerCase()] !== undefined) throw new Error(`twice: ${line}`)
    headers[name.toLowerCase()] = words(value)
  }
  return { headers, body: source.slice(end + 4) }
}

/** Encoded words (RFC 2047); the blanks between two of them are none. */
const words = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/((?:=\?[^?]+\?[QB]\?[^?]*\?=)+)/gi, (run) =>
      Buffer.concat(
        [...run.matchAll(/=\?[^?]+\?([QB])\?([^?]*)\?=/gi)].map(([, kind = "", text = ""]) =>
          kind.toUpperCase() === "B" ? Buffer.from(text, "base64") : quoted(text.replaceAll("_", " ")),
        ),
      ).toString("utf8"),
    )

function decoded({ headers, body }: Part): string {
  const encoding = headers["content-transfer-encoding"]?.toLowerCase() ?? "7bit"
  const bytes =
    encoding === "base64"
      ? Buffer.from(body, "base64")
      : encoding === "quoted-printable"
        ? quoted(body.replace(/=\r\n/g, ""))
        : Buffer.from(body, "utf8")
  return bytes.toString("utf8").replaceAll("\r\n", "\n").trimEnd()
}

const quoted = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  )
