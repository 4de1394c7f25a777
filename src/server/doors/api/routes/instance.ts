import { z } from 'zod'
import type { App } from '#server/app.ts'
import { accountView, countMembers, countPosts } from '#server/domain/accounts/index.ts'
import { customEmojis } from '#server/domain/emojis/index.ts'
import { allRules, instanceText, readSettings } from '#server/domain/instance/index.ts'
import { allowanceOf, mediaLimits } from '#server/domain/media/index.ts'
import { staffIds } from '#server/domain/moderation/index.ts'
import { mostCharacters } from '#server/domain/posts/index.ts'
import { pushServerKey } from '#server/domain/push/index.ts'
import { accountEntity, CustomEmoji, emojiEntity } from '#server/entities/index.ts'
import type { Call, RawCall, Route } from '../route.ts'
import { route } from '../route.ts'

export const version = '4.5.0 (compatible; Hearth 0.1.0)'
const Rule = z.object({ id: z.string(), text: z.string(), hint: z.string(), translations: z.record(z.string(), z.object({ text: z.string(), hint: z.string() })) }).meta({ id: 'Rule' })
const Loose = z.looseObject({})
const Empty = z.object({})

async function rulesOf({ app }: RawCall) {
  return (await allRules(app)).map(({ id, text, hint, translations }) => ({ id, text, hint, translations: Object.fromEntries(Object.entries(translations).map(([language, one]) => [language, { text: one.text, hint: one.hint ?? '' }])) }))
}

/** What apps must know before they write: how long, how many, how large. */
const configurationOf = async (app: App) => { const { bytes } = await allowanceOf(app); return {
  statuses: { max_characters: mostCharacters, max_media_attachments: 10, characters_reserved_per_url: 23 },
  media_attachments: {
    supported_mime_types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif', 'image/heic', 'image/heif', 'video/mp4', 'video/quicktime', 'video/webm', 'video/x-matroska', 'audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/flac', 'audio/ogg', 'audio/opus', 'audio/wav'],
    description_limit: mediaLimits.descriptionCharacters, image_size_limit: bytes.image, image_matrix_limit: mediaLimits.pixels,
    video_size_limit: bytes.video, video_frame_rate_limit: 60, video_matrix_limit: mediaLimits.pixels,
  },
  polls: { max_options: 8, max_characters_per_option: 100, min_expiration: 300, max_expiration: 2_678_400 },
  accounts: { max_featured_tags: 10, max_pinned_statuses: 5, max_profile_fields: 4, profile_field_name_limit: 50, profile_field_value_limit: 200, max_display_name_length: 50, max_note_length: 1000 },
} }

/** Whom to write to: the first of those who run the place, as its page about itself names them. */
async function contactOf({ app, speaker }: Call) {
  const [id] = await staffIds(app)
  const view = id ? await accountView(app, id) : null
  return view && view.state === 'active' ? accountEntity(view, speaker) : null
}

const streamingOf = (origin: string) => origin.replace(/^http/, 'ws')

export const instanceRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v2/instance', summary: 'What this community is, what it allows and how much', access: 'anyone', scope: null, answer: Loose,
    async handle(call) {
      const { app, speaker } = call
      const [settings, members, terms, privacy, vapidKey] = await Promise.all([readSettings(app), countMembers(app), instanceText(app, 'terms'), instanceText(app, 'privacy'), pushServerKey(app)])
      const picture = speaker.absolute(settings.coverUrl ?? settings.logoUrl ?? '/header.png')
      const feeds = settings.readMode === 'everyone' ? 'public' : 'authenticated'
      return {
        domain: new URL(speaker.origin).host, title: settings.name, version, source_url: `${speaker.origin}/about`, description: settings.description,
        usage: { users: { active_month: members } }, thumbnail: { url: picture, description: '', blurhash: null, versions: {} }, icon: [], languages: settings.languages,
        configuration: {
          ...await configurationOf(app), urls: { streaming: streamingOf(speaker.origin), about: `${speaker.origin}/about`, privacy_policy: `${speaker.origin}/${privacy ? 'privacy' : terms ? 'terms' : 'about'}`, terms_of_service: terms ? `${speaker.origin}/terms` : null, status: null },
          translation: { enabled: false }, vapid: { public_key: vapidKey }, limited_federation: true,
          timelines_access: { live_feeds: { local: feeds, remote: 'disabled' }, hashtag_feeds: { local: feeds, remote: 'disabled' }, trending_link_feeds: { local: feeds, remote: 'disabled' } },
        },
        registrations: {
          enabled: settings.joinMode === 'open' || settings.joinMode === 'approval', approval_required: settings.joinMode === 'approval', reason_required: settings.joinMode === 'approval',
          message: null, min_age: null, url: `${speaker.origin}/signup`,
        },
        api_versions: { mastodon: 7 }, contact: { email: settings.contactEmail || app.config.mailFrom, account: await contactOf(call) }, rules: await rulesOf(call), wrapstodon: null,
      }
    },
  }),
  route({
    method: 'GET', path: '/api/v1/instance', summary: 'The same, in the older form', access: 'anyone', scope: null, answer: Loose,
    async handle(call) {
      const { app, speaker } = call
      const [settings, members] = await Promise.all([readSettings(app), countMembers(app)])
      return {
        uri: new URL(speaker.origin).host, title: settings.name, short_description: settings.description, description: settings.description, email: settings.contactEmail || app.config.mailFrom, version,
        urls: { streaming_api: streamingOf(speaker.origin) }, stats: { user_count: members, status_count: await countPosts(app), domain_count: 1 }, thumbnail: speaker.absolute(settings.coverUrl ?? settings.logoUrl ?? '/header.png'), languages: settings.languages,
        registrations: settings.joinMode === 'open' || settings.joinMode === 'approval', approval_required: settings.joinMode === 'approval', invites_enabled: settings.membersMayInvite, configuration: await configurationOf(app), contact_account: await contactOf(call), rules: await rulesOf(call),
      }
    },
  }),
  route({ method: 'GET', path: '/api/v1/instance/rules', summary: 'The community’s rules, with translations', access: 'anyone', scope: null, answer: z.array(Rule), handle: rulesOf }),
  route({ method: 'GET', path: '/api/v1/instance/translation_languages', summary: 'Languages that posts can be translated into: none', access: 'anyone', scope: null, answer: Empty, async handle() { return {} } }),
  route({ method: 'GET', path: '/api/v1/custom_emojis', summary: 'The community’s own emoji', access: 'anyone', scope: null, answer: z.array(CustomEmoji), async handle({ app, speaker }) { return (await customEmojis(app)).map((one) => emojiEntity(one, speaker.absolute)) } }),
  route({ method: 'GET', path: '/health', summary: 'Whether the server answers', access: 'anyone', scope: null, answer: z.object({ status: z.string() }), async handle() { return { status: 'OK' } } }),
]
