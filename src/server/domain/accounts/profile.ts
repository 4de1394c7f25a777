import type { App } from '#server/app.ts'
import { screenWords } from '#server/domain/instance/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { cleanText, countCharacters } from '#server/platform/text/count.ts'
import { readText } from '#server/platform/text/render.ts'
import { lockAccount, selectAccounts, selectOnboarded, updateAccount } from './queries.ts'
import type { AccountPatch } from './queries.ts'
import type { Account, AccountId, Preferences } from './types.ts'

export type ProfileChange = {
  displayName?: string; bio?: string; fields?: { name: string; value: string }[]; locked?: boolean; discoverable?: boolean
  locale?: 'en' | 'ar'; defaultAudience?: Account['defaultAudience']; defaultLanguage?: string | null; bot?: boolean
}
const most = { name: 50, bio: 1000, fieldName: 50, fieldValue: 200, fields: 4 }
const noNames = { people: new Map<string, string>(), emojis: new Map<string, string>() }
const oneLine = (text: string) => cleanText(text).replace(/\s+/g, ' ').trim()

/** A name on one line that stays on it: nothing that turns the text around it, no towers of marks; one that shows as nothing is none. */
function nameOf(text: string): string {
  const name = oneLine(text).replace(/[\u202a-\u202e\u2066-\u2069]/g, '').replace(/(\p{M}{3})\p{M}+/gu, '$1').trim()
  return /[^\s\p{Default_Ignorable_Code_Point}\p{M}]/u.test(name) ? name : ''
}

/**
 * Changes what is given of the member's own profile. Throws a form error that names each bad field, or what screening refuses; then
 * nothing is stored. 'held': its words wait for a person, all else is stored.
 */
export async function editProfile(app: App, account: Account, change: ProfileChange): Promise<'saved' | 'held'> {
  const problems: FieldProblem[] = []
  const patch: AccountPatch = {}
  const fits = (field: string, text: string, limit: number) => {
    if (text.length > limit * 20 || countCharacters(text, limit) > limit) problems.push({ field, message: 'error.tooLong', params: { most: limit } })
  }
  if (change.displayName !== undefined) {
    patch.display_name = nameOf(change.displayName)
    fits('displayName', patch.display_name, most.name)
  }
  if (change.bio !== undefined) {
    patch.bio = cleanText(change.bio)
    fits('bio', patch.bio, most.bio)
    if (problems.length === 0) patch.bio_html = readText(patch.bio).html(noNames)
  }
  if (change.fields !== undefined) {
    const fields = change.fields.map(({ name, value }) => ({ name: oneLine(name), value: oneLine(value) })).filter(({ name, value }) => name || value).slice(0, most.fields)
    fields.forEach(({ name, value }, index) => { fits(`field${index}Name`, name, most.fieldName); fits(`field${index}Value`, value, most.fieldValue) })
    patch.fields = JSON.stringify(fields.map(({ name, value }) => ({ name, value, html: readText(value).html(noNames) })))
  }
  if (problems.length) throw invalidForm(problems)
  const words: ProfileWords = { ...patch }
  const screened = await screenWords(app, { subject: 'profile', accountId: account.id, parts: [patch.display_name ?? '', patch.bio ?? '', ...(change.fields ?? []).flatMap(({ name, value }) => [name, value])] })
  if (screened.act === 'hold') for (const name of Object.keys(words) as (keyof ProfileWords)[]) delete patch[name]
  if (change.locked !== undefined) patch.locked = change.locked
  if (change.discoverable !== undefined) patch.discoverable = change.discoverable
  if (change.locale !== undefined) patch.locale = change.locale
  if (change.bot !== undefined) patch.bot = change.bot
  if (change.defaultAudience !== undefined) patch.default_audience = change.defaultAudience
  if (change.defaultLanguage !== undefined) patch.default_language = change.defaultLanguage
  await app.database.inTransaction(async (tx) => {
    await updateAccount(tx, account.id, patch)
    await screened.after?.(tx, words)
    await app.record(tx, { type: 'account.changed', accountId: account.id })
    await app.bus.publish(tx, { type: 'account.changed', accountId: account.id })
  })
  return screened.act === 'hold' ? 'held' : 'saved'
}

/** Words of a profile as they are stored. */
export type ProfileWords = Pick<AccountPatch, 'display_name' | 'bio' | 'bio_html' | 'fields'>

/** Puts words in place that waited for a person. */
export async function writeProfileWords(app: App, tx: Tx, id: AccountId, words: ProfileWords): Promise<void> {
  await updateAccount(tx, id, words)
  await app.record(tx, { type: 'account.changed', accountId: id })
  await app.bus.publish(tx, { type: 'account.changed', accountId: id })
}

/** Adds to what the member prefers; a key set to undefined goes back to the default. */
export async function editPreferences(app: App, account: Account, change: Preferences): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const row = await lockAccount(tx, account.id)
    if (!row) return
    await updateAccount(tx, account.id, { preferences: JSON.stringify({ ...(row.preferences as Preferences), ...change }) })
  })
}

/** The member's first steps are done, or were skipped. */
export async function markOnboarded(app: App, account: Account): Promise<void> {
  await app.database.inTransaction((tx) => updateAccount(tx, account.id, { onboarded_at: app.now() }))
}

/** Has the member taken or skipped their first steps? */
export const isOnboarded = (app: App, account: Account): Promise<boolean> => selectOnboarded(app.database.queries, account.id)

export type OwnProfile = { displayName: string; bio: string; fields: { name: string; value: string }[]; locked: boolean; discoverable: boolean; bot: boolean; avatarState: string; hasCover: boolean }

/** The member's own profile as they wrote it: for the form that changes it. */
export async function profileOf(app: App, account: Account): Promise<OwnProfile> {
  const [row] = await selectAccounts(app.database.queries, [account.id])
  if (!row) throw notFound()
  return {
    displayName: row.display_name, bio: row.bio, locked: row.locked, discoverable: row.discoverable, bot: row.bot, avatarState: row.avatar_state, hasCover: row.cover_media_id !== null,
    fields: (row.fields as OwnProfile['fields']).map(({ name, value }) => ({ name, value })),
  }
}
