import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { invalid, tooLarge } from '#server/platform/errors.ts'
import { selectUse } from './queries-uploads.ts'

const megabyte = 1024 * 1024
export type UploadKind = 'image' | 'video' | 'audio'
/** Sizes in bytes. `quota`: all originals of one member; null for no end. */
export type Allowance = { bytes: Record<UploadKind, number>; quota: number | null }

/** How large files may be here, as the community decided. */
export async function allowanceOf(app: App): Promise<Allowance> {
  const { mostImageMegabytes, mostVideoMegabytes, mostAudioMegabytes, memberQuotaMegabytes } = await readSettings(app)
  return {
    bytes: { image: mostImageMegabytes * megabyte, video: mostVideoMegabytes * megabyte, audio: mostAudioMegabytes * megabyte },
    quota: memberQuotaMegabytes === 0 ? null : memberQuotaMegabytes * megabyte,
  }
}

/** The largest file of any kind, in bytes. */
export async function mostUploadBytes(app: App): Promise<number> {
  return Math.max(...Object.values((await allowanceOf(app)).bytes))
}

/** What a member keeps here and may keep, in bytes. */
export async function quotaOf(app: App, owner: Account): Promise<{ used: number; quota: number | null }> {
  const [{ quota }, { kept }] = await Promise.all([allowanceOf(app), selectUse(app.database.queries, owner.id)])
  return { used: kept, quota }
}

/** Throws quotaFull where these bytes don't fit any more beside what is kept and promised. For certain only while the owner's row is locked. */
export async function demandRoom(on: Queries, { quota }: Allowance, owner: Account, bytes: number): Promise<void> {
  if (quota === null) return
  const { kept, coming } = await selectUse(on, owner.id)
  if (kept + coming + bytes > quota) throw tooLarge('quotaFull', { most: Math.round(quota / megabyte) })
}

/** Throws where a file of this kind is too large; of an unknown kind, where it is larger than any may be. */
export function demandSize(allowance: Allowance, kind: UploadKind | null, bytes: number): void {
  if (bytes === 0) throw invalid('fileEmpty')
  const most = kind ? allowance.bytes[kind] : Math.max(...Object.values(allowance.bytes))
  if (bytes > most) throw tooLarge(kind ? `${kind}TooLarge` : 'fileTooLarge', { most: Math.round(most / megabyte) })
}
