import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { countriesOfFile, whyNot } from '#server/domain/withholding/index.ts'
import { withheldHere } from '#server/platform/errors.ts'
import { storedName } from './files.ts'
import type { FileFacts } from './queries-fetch.ts'
import { selectByKey } from './queries-fetch.ts'
import { readPass } from './sign.ts'
import { blobName } from './store.ts'

/** `maySeePost`: the one rule of the posts room, asked only when the post isn't everybody's. */
export type FetchRule = (app: App, viewer: Viewer, postId: string) => Promise<boolean>
/** Throws what keeps somebody from a post: asked only where it is withheld in the reader's country. */
export type RefuseRule = (app: App, viewer: Viewer, postId: string) => Promise<unknown>
/** `pass` is the signed part of the address, where it has one. */
export type Asked = { key: string; file: string; pass?: string }
export type Found = {
  mime: string
  /** where it lies in `app.files` */
  name: string
  /** what tells these bytes from any other */
  tag: string
  /** null: not known without asking the storage */
  bytes: number | null
  /** anybody may have it, and shared caches may keep it */
  everybody: boolean
  /** how long the address holds, where it ends */
  seconds: number | null
}

/** A file that whoever asks may have. Undefined: not here, or not theirs; a signed address changes who asks, and nothing else. Throws withheldHere where the law of the reader's country wants it unseen and they may be told. */
export async function whoMayFetch(app: App, asked: Asked, viewerOf: () => Promise<Viewer>, maySeePost: FetchRule, refuse?: RefuseRule): Promise<Found | undefined> {
  const pass = asked.pass === undefined ? undefined : await readPass(app, asked.pass, asked.key)
  if (asked.pass !== undefined && !pass) return undefined
  const facts = await selectByKey(app.database.queries, asked.key, asked.file)
  const mime = facts?.state === 'ready' ? facts.variants.find((one) => one.file === asked.file)?.mime ?? (facts.captions ? 'text/vtt' : undefined)
    : facts?.poster?.file === asked.file ? facts.poster.mime : undefined
  if (!facts || !mime) return undefined
  const found = {
    mime, name: facts.sha256 ? blobName(facts.sha256) : storedName(asked.key, asked.file), tag: facts.sha256?.toString('hex').slice(0, 32) ?? `${asked.key}-${asked.file}`,
    bytes: facts.bytes, everybody: false, seconds: pass?.seconds ?? null,
  }
  const settings = await readSettings(app)
  if (facts.purpose === 'avatar' && settings.picturePolicy === 'none') return undefined
  // The community's own pictures stand on the front door, whoever may read the rest.
  if (facts.purpose === 'instance') return { ...found, everybody: true }
  const open = facts.post_id ? facts.post_public : facts.picture_shown
  const elsewhere = await countriesOfFile(app, { accountId: facts.account_id, postId: facts.post_id })
  const country = elsewhere.size ? app.place.country() : null
  if (open && settings.readMode === 'everyone' && !pass && elsewhere.size === 0) return { ...found, everybody: true }
  const viewer = pass ? await findAccount(app, pass.readerId) : await viewerOf()
  // Withheld in some countries: no shared cache may keep it, wherever this reader is.
  if (country !== null && elsewhere.has(country) && viewer?.id !== facts.account_id && !(facts.reviewable && viewer && viewer.role !== 'member')) {
    // What they could not see elsewhere either is not here, rather than withheld.
    if (facts.post_id) await refuse?.(app, viewer, facts.post_id)
    const why = !facts.post_id && open && (settings.readMode === 'everyone' || viewer) ? await whyNot(app, { accountId: facts.account_id }) : null
    if (why) throw withheldHere(why)
    return undefined
  }
  if (open && settings.readMode === 'everyone' && elsewhere.size > 0 && !pass) return { ...found, seconds: 0 }
  return viewer && await viewerMay(app, viewer, facts, open, maySeePost) ? found : undefined
}

async function viewerMay(app: App, viewer: NonNullable<Viewer>, facts: FileFacts, open: boolean, maySeePost: FetchRule): Promise<boolean> {
  if (viewer.state !== 'active' && viewer.state !== 'limited') return viewer.id === facts.account_id && viewer.state !== 'deleted' && !facts.gone
  if (facts.reviewable && viewer.role !== 'member') return true
  // Deleted and removed is gone for its author too.
  if (facts.gone) return false
  if (viewer.id === facts.account_id) return true
  if (facts.post_id) return maySeePost(app, viewer, facts.post_id)
  return open
}
