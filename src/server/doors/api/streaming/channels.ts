import type { App } from '#server/app.ts'
import type { Account, Viewer } from '#server/domain/accounts/index.ts'
import type { Channel } from '#server/domain/streams/index.ts'
import { seeList } from '#server/domain/lists/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { readTag } from '#server/platform/text/tag.ts'
import { ApiError } from '../errors.ts'
import type { Token } from '../route.ts'
import { covers } from '../scopes.ts'

/** What an app listens to: its name as apps write it, and what of ours that is. */
export type Wish = { name: string[]; channels: Channel[] }
export type Asked = { stream: string; tag?: string; list?: string; onlyMedia?: boolean }

/**
 * Reads which stream an app asks for. Throws 400 for streams that aren't, 401 for a member's streams without a member,
 * 403 where the token may not, and not found for a list that isn't theirs.
 */
export async function wishOf(app: App, asked: Asked, viewer: Viewer, token: Token | null): Promise<Wish> {
  const need = (scope: 'read:statuses' | 'read:notifications' | 'read:lists') => { if (!token || !covers(token.scopes, scope)) throw new ApiError(403, 'This action is outside the authorized scopes') }
  const stream = asked.onlyMedia && /^public(:local|:remote)?$/.test(asked.stream) ? `${asked.stream}:media` : asked.stream
  switch (stream) {
    case 'user': {
      const me = member(viewer)
      need('read:statuses')
      return { name: [stream], channels: [`home:${me.id}`, ...token && covers(token.scopes, 'read:notifications') ? [`own:${me.id}` as const] : []] }
    }
    case 'user:notification': {
      const me = member(viewer)
      need('read:notifications')
      return { name: [stream], channels: [`own:${me.id}`] }
    }
    case 'public': case 'public:local': need('read:statuses'); return { name: [stream], channels: ['public'] }
    case 'public:media': case 'public:local:media': need('read:statuses'); return { name: [stream], channels: ['public:media'] }
    // There are no other servers: it is silent.
    case 'public:remote': case 'public:remote:media': need('read:statuses'); return { name: [stream], channels: [] }
    case 'hashtag': case 'hashtag:local': {
      need('read:statuses')
      const tag = readTag(asked.tag ?? '')
      if (!tag) throw new ApiError(400, 'Missing tag name parameter')
      return { name: [stream, asked.tag?.replace(/^#/, '') ?? ''], channels: [`tag:${tag.name}`] }
    }
    case 'list': {
      const me = member(viewer)
      need('read:lists')
      if (!isId(asked.list)) throw new ApiError(400, 'Missing list name parameter')
      // Somebody else's is not found.
      const list = await seeList(app, me, asked.list)
      return { name: [stream, list.id], channels: [`list:${list.id}`] }
    }
    case 'direct': {
      const me = member(viewer)
      need('read:statuses')
      return { name: [stream], channels: [`direct:${me.id}`] }
    }
    default: throw new ApiError(400, 'Unknown channel requested')
  }
}

function member(viewer: Viewer): Account {
  if (!viewer || viewer.state === 'pending') throw new ApiError(401, 'This stream belongs to a member')
  return viewer
}
