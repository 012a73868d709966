const PREFIXES = ["reply:", "mail:", "post:", "post-mortem:", "page:", "incident:", "protection:", "back:"]

/** Messages and issues that were refused or given up: a look (permissions granted, Re-run) is the moment to try them again. */
export const isTriedAgain = (target: string): boolean => PREFIXES.some((prefix) => target.startsWith(prefix))
