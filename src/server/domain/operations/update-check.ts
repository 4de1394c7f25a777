import { z } from 'zod'
import type { App } from '#server/app.ts'
import { deleteFact, selectFact, upsertFact } from './queries-facts.ts'

const mostBytes = 64 * 1024
const Version = z.string().regex(/^v?\d{1,5}(\.\d{1,5}){1,2}(-[0-9A-Za-z.-]{1,30})?$/)
/** Our own list says `version` and `url`; GitHub's, Forgejo's and Gitea's say `tag_name` and `html_url`. */
const Answer = z.union([
  z.object({ version: Version, url: z.string().optional() }).transform(({ version, url }) => ({ version, url })),
  z.object({ tag_name: Version, html_url: z.string().optional() }).transform(({ tag_name: version, html_url: url }) => ({ version, url })),
])
const Stored = z.object({ version: z.string(), address: z.string().nullable(), checkedAt: z.string() })

/** Job, once a day: asks the one address of HEARTH_UPDATE_CHECK for the newest version. Without it nobody is asked anything. Says nothing of this community but what every question of ours says. */
export async function checkForUpdate(app: App): Promise<void> {
  const { updateCheck } = app.config
  if (!updateCheck) return deleteFact(app.database.queries, 'update')
  const answer = await app.outbound.ask(updateCheck, { bytes: mostBytes, tooLong: 'refuse', types: ['application/json', 'application/vnd.github+json', 'text/plain'], headers: { accept: 'application/json' }, seconds: 20 })
  if (answer.status !== 200) throw new Error(`the address for updates answers ${answer.status}`)
  const { version, url } = Answer.parse(JSON.parse(answer.body.toString('utf8')))
  await upsertFact(app.database.queries, 'update', { version: version.replace(/^v/, ''), address: url !== undefined && /^https:\/\/[^\s"<>]{1,300}$/.test(url) ? url : null, checkedAt: app.now().toISOString() })
}

/** What that said last; null where nobody was asked. */
export async function newestVersion(app: App): Promise<z.infer<typeof Stored> | null> {
  if (!app.config.updateCheck) return null
  const stored = Stored.safeParse(await selectFact(app.database.queries, 'update'))
  return stored.success ? stored.data : null
}
