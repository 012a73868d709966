import type { Config } from "./config.ts"

type Environments = Config["environments"]

/** An .ics file that a configuration takes holidays from. */
export interface HolidayFile {
  readonly file: string
  /** Where the configuration names it. */
  readonly path: readonly string[]
}

/** The files that the windows of a configuration take their holidays from; a file that two windows name comes twice. */
export const holidayFilesIn = ({ environments, hotfix }: Config): readonly HolidayFile[] => [
  ...filesIn(environments, ["environments"]),
  ...filesIn(hotfix.environments, ["hotfix", "environments"]),
]

const filesIn = (environments: Environments, path: readonly string[]): readonly HolidayFile[] =>
  Object.entries(environments).flatMap(([name, { window }]) => {
    const file = window?.holidays?.file
    return file === undefined ? [] : [{ file, path: [...path, name, "window", "holidays"] }]
  })

/** The configuration with what its files say: the days are part of the gates, as if they were written in it. */
export const withHolidays = (config: Config, dates: ReadonlyMap<string, readonly string[]>): Config => ({
  ...config,
  environments: filled(config.environments, dates),
  hotfix: { ...config.hotfix, environments: filled(config.hotfix.environments, dates) },
})

const filled = (environments: Environments, dates: ReadonlyMap<string, readonly string[]>): Environments =>
  Object.fromEntries(
    Object.entries(environments).map(([name, gates]) => {
      const { window } = gates
      const file = window?.holidays?.file
      const read = file === undefined ? undefined : dates.get(file)
      if (!window || file === undefined || read === undefined) return [name, gates]
      return [name, { ...gates, window: { ...window, holidays: { file, dates: read } } }]
    }),
  )
