import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { acceptUpload, describeMedia } from '#server/domain/media/index.ts'
import type { MediaId } from '#server/domain/media/index.ts'
import { replyPolicies } from '#server/domain/posts/index.ts'
import type { Audience, Draft, PostId, ReplyPolicy } from '#server/domain/posts/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { textOf } from '../forms.server.ts'

type Composed = { text: string; warning: string; language: string; mediaIds: MediaId[]; audience: Audience; key: string | undefined; replyToId: PostId | undefined; edited: PostId | undefined; poll: Draft['poll']; quotedId: PostId | undefined; scheduledAt: Date | undefined; replyPolicy: ReplyPolicy | undefined }

const mostPlainFiles = 4
const audiences: Audience[] = ['public', 'members', 'followers', 'mentioned']

/** The composer's fields. What a browser wouldn't send is refused as not found; `gently` leaves it out instead. */
export function readComposed(data: FormData, gently = false): Composed {
  const idOf = (name: string) => {
    const id = textOf(data, name)
    if (!id || (gently && !isId(id))) return undefined
    if (!isId(id)) throw notFound('noPost')
    return id
  }
  const audience = audiences.find((one) => one === textOf(data, 'audience')) ?? 'members'
  const options = Array.from({ length: 12 }, (_, at) => textOf(data, `poll-${at}`)).filter(Boolean)
  return {
    text: textOf(data, 'text'), warning: textOf(data, 'warning'), language: textOf(data, 'language'), audience,
    mediaIds: [...new Set(textOf(data, 'media').split(',').filter(isId))].slice(0, 50),
    key: textOf(data, 'key') || undefined, replyToId: idOf('reply'), edited: idOf('edit'), quotedId: idOf('quoted'), scheduledAt: momentOf(textOf(data, 'scheduledAt')), replyPolicy: replyPolicies.find((one) => one === textOf(data, 'replyPolicy')),
    poll: options.length ? { options, multiple: data.get('poll-multiple') === 'on', hideTotals: data.get('poll-hide') === 'on', seconds: Number(textOf(data, 'poll-seconds')) || 86_400 } : undefined,
  }
}

/** The files of a form without JavaScript: at most four small ones (the pages take 2 MB in all). They become uploads like any other. */
export async function takeFiles(app: App, owner: Account, data: FormData): Promise<MediaId[]> {
  const files = data.getAll('files').filter((file): file is File => file instanceof File && file.size > 0)
  if (files.length > mostPlainFiles) throw invalidForm([{ field: 'media', message: 'error.tooManyMedia', params: { most: mostPlainFiles } }])
  const ids: MediaId[] = []
  for (const file of files) ids.push((await acceptUpload(app, owner, Readable.fromWeb(file.stream() as NodeStream), { name: file.name })).id)
  data.delete('files')
  const said = textOf(data, 'descriptions').split(/\r?\n/)
  for (const [at, id] of ids.entries()) if (said[at]?.trim()) data.set(`description-${id}`, said[at])
  return ids
}

/** What the form says about its files (`description-ID`), for files of a post that comes back or is edited, too. */
export async function describeFiles(app: App, owner: Account, data: FormData, ids: MediaId[]): Promise<void> {
  for (const id of ids.slice(0, 10)) {
    const field = `description-${id}`
    if (data.has(field)) await describeMedia(app, owner, id, { description: textOf(data, field) })
  }
}

/** With a zone as browsers with JavaScript send it; a bare date and time is in UTC. Garbage is a moment that no plan takes. */
function momentOf(text: string): Date | undefined {
  return text ? new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text) ? `${text}Z` : text) : undefined
}
