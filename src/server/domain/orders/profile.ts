import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { selectProfile, upsertProfile } from './queries-profile.ts'
import type { LegalProfile } from './types.ts'

const text = (most: number) => z.string().transform((value) => value.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()).pipe(z.string().max(most, 'error.tooLong'))
const Profile = z.object({
  country: z.string().toUpperCase().regex(/^([A-Z]{2})?$/, 'error.badValue').catch(''),
  email: text(200).refine((value) => value === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), 'error.badEmail').default(''),
  phone: text(60).default(''), address: text(600).default(''),
  languages: z.array(z.string().regex(/^[a-z]{2,3}$/, 'error.badLanguage')).max(30, 'error.badValue').default([]),
  representative: text(600).default(''), authority: text(300).default(''), hours: text(300).default(''),
  duties: z.array(z.string().regex(/^[A-Z]{2}$/, 'error.badValue')).max(60, 'error.badValue').default([]),
})

/** What stands on /legal/contact. Empty where nobody wrote it yet. */
export async function legalProfile(app: App): Promise<LegalProfile> {
  const stored = Profile.safeParse(await selectProfile(app.database.queries))
  return stored.success ? stored.data : Profile.parse({})
}

/** Changes it; on record. Admins and the owner only. Throws a form error that names each bad field. */
export async function writeLegalProfile(app: App, actor: Account, given: Partial<LegalProfile>): Promise<void> {
  demandAdmin(actor)
  const parsed = Profile.extend({ country: z.string().toUpperCase().regex(/^([A-Z]{2})?$/, 'error.badValue') }).partial().safeParse(given)
  if (!parsed.success) throw invalidForm(parsed.error.issues.map((issue) => ({ field: String(issue.path[0]), message: issue.message.startsWith('error.') ? issue.message : 'error.badValue', params: 'maximum' in issue ? { most: Number(issue.maximum) } : undefined })))
  const before = await legalProfile(app)
  // Only what was given: what is left out stays, rather than going back to empty.
  const change = Object.fromEntries(Object.entries(parsed.data).filter(([name]) => name in given))
  const changed = Object.keys(change)
  await app.database.inTransaction(async (tx) => {
    await upsertProfile(tx, { ...before, ...change })
    await audit(app, tx, actor, 'settings.legal', { kind: 'settings', id: 'legal' }, { changed })
  })
}
