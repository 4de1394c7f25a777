import { z } from 'zod'
import type { AccountView } from '#server/domain/accounts/index.ts'
import { contentHtml } from './html.ts'
import type { Speaker } from './speaker.ts'

export const CustomEmoji = z.object({ shortcode: z.string(), url: z.url(), static_url: z.url(), visible_in_picker: z.boolean(), category: z.string().nullable() }).meta({ id: 'CustomEmoji' })
export const Field = z.object({ name: z.string(), value: z.string(), verified_at: z.iso.datetime().nullable() }).meta({ id: 'Field' })
export const AccountRole = z.object({ id: z.string(), name: z.string(), color: z.string() }).meta({ id: 'AccountRole' })

export const Account = z.object({
  id: z.string(), username: z.string(), acct: z.string(), display_name: z.string(), locked: z.boolean(), bot: z.boolean(), group: z.boolean(),
  discoverable: z.boolean(), indexable: z.boolean(), noindex: z.boolean(), created_at: z.iso.datetime(), note: z.string(),
  url: z.url(), uri: z.url(), avatar: z.url(), avatar_static: z.url(), avatar_description: z.string(), header: z.url(), header_static: z.url(), header_description: z.string(),
  followers_count: z.int(), following_count: z.int(), statuses_count: z.int(), last_status_at: z.iso.date().nullable(), hide_collections: z.boolean(),
  emojis: z.array(CustomEmoji), roles: z.array(AccountRole), fields: z.array(Field), suspended: z.boolean().optional(), limited: z.boolean().optional(),
}).meta({ id: 'Account' })
export type Account = z.infer<typeof Account>

/** An account as apps see it. */
export function accountEntity(view: AccountView, speaker: Speaker): Account {
  const url = `${speaker.origin}/@${encodeURIComponent(view.username)}`
  // Generated pictures are SVG, which phone apps don't draw: they get the same as PNG.
  const avatar = speaker.picture(view.avatarUrl.replace(/^(\/avatars\/.*)\.svg$/, '$1.png'), view.id)
  const header = speaker.picture(view.coverUrl ?? '/header.png', view.id)
  const name = view.name
  return {
    id: view.id, username: view.username, acct: view.username, display_name: name, locked: view.locked, bot: view.bot, group: false,
    discoverable: view.discoverable, indexable: view.discoverable, noindex: !view.discoverable,
    // Mastodon gives the day alone; when exactly somebody joined is nobody's business.
    created_at: `${view.createdAt.slice(0, 10)}T00:00:00.000Z`,
    note: contentHtml(view.bioHtml, speaker), url, uri: url, avatar, avatar_static: avatar, avatar_description: '', header, header_static: header, header_description: '',
    followers_count: view.followersCount, following_count: view.followingCount, statuses_count: view.postsCount, last_status_at: view.lastPostAt?.slice(0, 10) ?? null, hide_collections: false,
    emojis: speaker.emojisIn(name, view.bioHtml, ...view.fields.flatMap((field) => [field.name, field.value])),
    roles: view.role === 'member' ? [] : [{ id: roleIds[view.role], name: roleNames[view.role], color: '' }],
    fields: view.fields.map((field) => ({ name: field.name, value: contentHtml(field.html, speaker), verified_at: null })),
    ...view.state === 'suspended' || view.state === 'deleted' ? { suspended: true } : {}, ...view.state === 'limited' ? { limited: true } : {},
  }
}

/** Roles have fixed numbers: apps compare them. */
export const roleIds = { member: '-99', moderator: '1', admin: '2', owner: '3' } as const
export const roleNames = { member: '', moderator: 'Moderator', admin: 'Admin', owner: 'Owner' } as const
