import type { Config } from "./config.ts"

/** Where frameworks keep what changes a database: Rails, Django, Laravel, Knex, Prisma, Alembic, Flyway, Liquibase, Ecto. */
const MIGRATION =
  /(?:^|\/)(?:migrations?|migrate|alembic|flyway|liquibase|db\/changelog)\/|(?:^|\/)db\/schema\.rb$|\.(?:sql|prisma)$/i

/** What says how the repository is built, guarded and run; plans, as far as their path is not configured. */
const GUARDED: readonly RegExp[] = [
  /^\.github\/(?:(?:workflows|actions)\/|(?:slipway|dependabot|release-plan)\.ya?ml$)/i,
  /^release-plans\//i,
  /(?:^|\/)(?:codeowners|action\.ya?ml|\.npmrc|\.gitmodules)$/i,
  /(?:^|\/)(?:(?:docker|container)file(?:\.[^/]*)?|[^/]*\.dockerfile)$/i,
]

/**
 * Why a path is of high risk whatever the rules say; undefined: it is not. Letters' case makes no difference.
 *
 * @param config the plan's path is guarded too
 */
export function alwaysHigh(path: string, { plan }: Pick<Config, "plan">): "a migration" | "guarded" | undefined {
  if (isMigration(path)) return "a migration"
  return path === plan.path || GUARDED.some((pattern) => pattern.test(path)) ? "guarded" : undefined
}

const isMigration = (path: string): boolean => MIGRATION.test(path)

/** What runs beside a migration may need it; words about it do not. */
const WORDS = /^docs?\/|\.(?:mdx?|rst|txt|adoc)$|(?:^|\/)license$/i

/** Whether a path is code that may need a migration of the same release: neither one itself, nor words. */
export const isCode = (path: string): boolean => !isMigration(path) && !WORDS.test(path)

/** A way back that runs at a rollback only: golang-migrate, Prisma and Flyway keep it in a file of its own. */
export const isWayBack = (path: string): boolean =>
  /(?:^|[/._-])(?:down|undo)\.sql$|(?:^|\/)U\d[^/]*__[^/]*\.sql$/i.test(path)
