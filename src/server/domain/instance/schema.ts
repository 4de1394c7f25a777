import { z } from 'zod'
import { invalidForm } from '#server/platform/errors.ts'
import { readableAccent } from './colour.ts'
import type { SettingsPatch } from './types.ts'

const line = (most: number) => z.string().transform((text) => text.toWellFormed().replaceAll('\0', '').replace(/\s+/gu, ' ').trim()).pipe(z.string().max(most, 'error.tooLong'))
const megabytes = (least: number, most: number) => z.coerce.number('error.badValue').int('error.badValue').min(least, 'error.badValue').max(most, 'error.badValue')
const text = (most: number) => z.string().transform((value) => value.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()).pipe(z.string().max(most, 'error.tooLong'))

/**
 * Newcomers wait for a yes by default: a small community on an open address is found by spammers within days,
 * and opening the door later costs one click. Posts go to members unless their author says otherwise.
 */
export const settingsSchema = z.object({
  name: line(60).pipe(z.string().min(1, 'error.required')).default('Hearth'),
  description: line(300).default(''),
  locale: z.enum(['en', 'ar'], 'error.choose').default('en'),
  languages: z.array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/, 'error.badLanguage')).max(30, 'error.badValue').default(['en', 'ar']),
  accentColour: z.string().regex(/^#[0-9a-f]{6}$/i, 'error.badColour').transform(readableAccent).default('#c2410c'),
  logoMediaId: z.string().nullable().default(null),
  coverMediaId: z.string().nullable().default(null),
  joinMode: z.enum(['open', 'approval', 'invitation', 'closed'], 'error.choose').default('approval'),
  readMode: z.enum(['everyone', 'members'], 'error.choose').default('everyone'),
  emailMode: z.enum(['none', 'optional', 'confirmed'], 'error.choose').default('optional'),
  picturePolicy: z.enum(['allowed', 'review', 'none'], 'error.choose').default('allowed'),
  defaultAudience: z.enum(['public', 'members', 'followers'], 'error.choose').default('members'),
  membersMayInvite: z.boolean().default(true),
  showPublicPostsOnFrontPage: z.boolean().default(true),
  keepLossless: z.boolean().default(false),
  mostImageMegabytes: megabytes(1, 200).default(20),
  mostVideoMegabytes: megabytes(1, 10_000).default(500),
  mostAudioMegabytes: megabytes(1, 2000).default(100),
  memberQuotaMegabytes: megabytes(0, 10_000_000).default(5000),
  publishWhileProcessing: z.boolean().default(false),
  operator: text(500).default(''),
  contactEmail: line(200).refine((value) => value === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), 'error.badEmail').default(''),
  terms: text(50_000).default(''),
  /** the switch against raids (raid.ts); what its time is over for counts as none */
  raid: z.object({ until: z.string(), joinMode: z.enum(['approval', 'invitation', 'closed']), hold: z.boolean(), bare: z.boolean(), startedAt: z.string(), byId: z.string().nullable(), why: z.string() }).nullable().default(null),
  transparency: z.boolean().default(true),
  transparencyWords: text(10_000).default(''),
})
export type StoredSettings = z.infer<typeof settingsSchema>

/** Checks what somebody wants to change. Throws a form error that names each bad field. */
export function readPatch(patch: SettingsPatch): Partial<StoredSettings> {
  const known = Object.fromEntries(Object.entries(patch).filter(([key, value]) => key in settingsSchema.shape && value !== undefined))
  const parsed = settingsSchema.partial().safeParse(known)
  if (!parsed.success) throw invalidForm(parsed.error.issues.map((issue) => ({ field: String(issue.path[0]), message: issue.message.startsWith('error.') ? issue.message : 'error.badValue', params: 'maximum' in issue ? { most: Number(issue.maximum) } : undefined })))
  // `partial()` fills defaults in for what wasn't given; only what was given may change.
  return Object.fromEntries(Object.entries(parsed.data).filter(([key]) => key in known))
}

/** Stored settings with defaults for what is missing or, after an update, no longer good. */
export function fillIn(stored: unknown): StoredSettings {
  const record = typeof stored === 'object' && stored !== null ? stored as Record<string, unknown> : {}
  const good = Object.entries(settingsSchema.shape).flatMap(([key, shape]) => {
    const parsed = shape.safeParse(record[key])
    return parsed.success ? [[key, parsed.data]] : []
  })
  return settingsSchema.parse(Object.fromEntries(good))
}
