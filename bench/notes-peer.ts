/** conventional-changelog over the whole history of the folder it is started in; started by notes.ts. */
import { ConventionalChangelog } from "conventional-changelog"
import createPreset from "conventional-changelog-conventionalcommits"

const changelog = new ConventionalChangelog(process.cwd())
changelog.config(createPreset()).readRepository().options({ releaseCount: 0 })
for await (const chunk of changelog.write()) process.stdout.write(chunk)
