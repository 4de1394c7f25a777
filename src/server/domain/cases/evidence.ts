import type { App } from '#server/app.ts'
import { accountView } from '#server/domain/accounts/index.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { fingerprintsOf, mediaViews } from '#server/domain/media/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { selectParents, selectSeenAccount, selectSeenPosts } from './queries-evidence.ts'
import type { Evidence, EvidenceMedia, EvidencePost } from './types.ts'

export type Snapshot = { evidence: Evidence; mediaIds: string[]; followers: number }

/** What is there now: words, every version, media with their hashes, what is answered, the profile. Posts of others are left out. */
export async function takeEvidence(everywhere: App, tx: Tx, accountId: AccountId, postIds: PostId[]): Promise<Snapshot | null> {
  // What others read for us is read in this transaction as well: a second connection for each could use them up.
  const app: App = { ...everywhere, database: { ...everywhere.database, queries: tx } }
  const account = await selectSeenAccount(tx, accountId)
  const shown = await accountView(app, accountId)
  if (!account || !shown) return null
  const posts = (await selectSeenPosts(tx, postIds)).filter((post) => post.author_id === accountId)
  const parents = posts.some((post) => post.reply_to_id) ? await selectParents(tx, posts.map((post) => post.id)) : []
  const ofPosts = posts.flatMap((post) => post.media_ids)
  const mediaIds = [...ofPosts, ...[account.avatar_media_id, account.cover_media_id].filter((id) => id !== null)]
  const [media, prints] = ofPosts.length ? await Promise.all([mediaViews(app, ofPosts), fingerprintsOf(app, ofPosts)]) : [new Map<string, never>(), new Map<string, never>()]
  const item = (id: string): EvidenceMedia[] => {
    const view = media.get(id)
    const print = prints.get(id)
    return view ? [{ ...view, sha256: print?.sha256?.toString('hex') ?? null, md5: print?.md5?.toString('hex') ?? null, pdq: print?.frames[0]?.hashes[0]?.toString('hex') ?? null }] : []
  }
  return {
    mediaIds, followers: account.followers_count,
    evidence: {
      takenAt: app.now().toISOString(),
      account: { username: account.username, name: account.display_name || account.username, bioHtml: account.bio_html, avatarUrl: shown.avatarUrl, coverUrl: shown.coverUrl, role: account.role, fields: account.fields.map(({ name, value }) => ({ name, value })) },
      posts: posts.map((post) => ({
        id: post.id, text: post.text, html: post.html, warning: post.warning, sensitive: post.sensitive, audience: post.audience, language: post.language,
        createdAt: post.created_at.toISOString(), editedAt: post.edited_at?.toISOString() ?? null, replyToId: post.reply_to_id, media: post.media_ids.flatMap(item), edits: post.edits,
      })),
      parents: parents.map((one) => ({ id: one.id, authorName: one.name, text: one.text, createdAt: one.created_at.toISOString() })),
    },
  }
}

/** The kept posts of everybody whom a case is about; `author` where it isn't of the first of them. */
export function evidencePosts(evidence: Pick<Evidence, 'others'> & Partial<Pick<Evidence, 'posts'>> | null): { post: EvidencePost; author?: Evidence['account'] }[] {
  return [...(evidence?.posts ?? []).map((post) => ({ post })), ...(evidence?.others ?? []).flatMap(({ account, posts }) => posts.map((post) => ({ post, author: account })))]
}

/** The first sight of a post stays: it may have been edited since. */
export function mergeEvidence(old: Evidence | null, fresh: Evidence | null): Evidence | null {
  if (!old || !fresh || !Array.isArray(old.posts)) return fresh ?? old
  const known = new Set(old.posts.map((post) => post.id))
  const parents = new Set(old.parents?.map((post) => post.id))
  return { ...old, posts: [...old.posts, ...fresh.posts.filter((post) => !known.has(post.id))], parents: [...old.parents ?? [], ...(fresh.parents ?? []).filter((post) => !parents.has(post.id))] }
}

