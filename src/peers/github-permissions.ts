interface Denied {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

/** https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps; the first that fits counts. */
const PERMISSIONS: readonly (readonly [path: RegExp, permission: string])[] = [
  [/\/(?:check-runs|check-suites)(?:\/|$)/, "checks"],
  [/\/status(?:es)?(?:\/|$)/, "statuses"],
  [/\/deployments(?:\/|$)/, "deployments"],
  [/\/code-scanning(?:\/|$)/, "security_events"],
  [/\/dependabot(?:\/|$)/, "vulnerability_alerts"],
  [/\/pulls(?:\/|$)/, "pull_requests"],
  [/\/actions(?:\/|$)/, "actions"],
  [/\/dispatches$/, "contents"],
  [/\/issues(?:\/|$)/, "issues"],
  [/\/collaborators(?:\/|$)/, "metadata"],
  [/\/rules(?:\/|$)/, "metadata"],
  [/^\/orgs\/[^/]+\/(?:teams|members|memberships)(?:\/|$)/, "members"],
  [/^\/orgs\/[^/]+\/organization-roles(?:\/|$)/, "organization_custom_org_roles"],
  [/\/(?:git|releases|contents|commits|compare|tags|branches)(?:\/|$)/, "contents"],
]

/**
 * The permission that a 403 is about, as a person reads it in the App's settings: `contents: write`.
 *
 * GitHub says it in `x-accepted-github-permissions`: sets joined by `;` of which one is enough, permissions of a set
 * by `,` (https://github.blog/changelog/2023-08-10-x-accepted-github-permissions-header-for-fine-grained-permission-actors/).
 * GitHub Enterprise Server and proxies may leave it out; then it is told from the path. Undefined: cannot be told.
 */
export function missingPermission({ method, url, headers }: Denied): string | undefined {
  const stated = headers["x-accepted-github-permissions"]
  if (typeof stated === "string" && stated.trim() !== "") return readable(stated)
  // A repository may be called `issues`: only what stands behind its name says what was asked for.
  const path = (URL.canParse(url) ? new URL(url).pathname : "").replace(/^(?:\/api\/v3)?(?:\/repos\/[^/]+\/[^/]+)?/, "")
  const permission = PERMISSIONS.find(([pattern]) => pattern.test(path))?.[1]
  return permission && `${permission}: ${method === "GET" || method === "HEAD" ? "read" : "write"}`
}

const readable = (stated: string): string =>
  stated
    .split(";")
    .map((set) =>
      set
        .split(",")
        .map((one) => one.trim().replace("=", ": "))
        .join(" and "),
    )
    .join(", or ")
