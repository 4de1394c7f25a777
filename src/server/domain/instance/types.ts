import type { Id } from '#server/platform/ids/index.ts'

export type RuleId = Id<'rule'>
export type AnnouncementId = Id<'announcement'>

export type JoinMode = 'open' | 'approval' | 'invitation' | 'closed'
export type ReadMode = 'everyone' | 'members'
export type EmailMode = 'none' | 'optional' | 'confirmed'
export type PicturePolicy = 'allowed' | 'review' | 'none'

/** What the community decided about itself. Missing values have their defaults already. */
export type Settings = {
  name: string
  description: string
  /** the language of visitors whose browser asks for none of ours */
  locale: 'en' | 'ar'
  /** languages that posts are expected in, for the composer's list */
  languages: string[]
  /** '#rrggbb', readable in both themes (see colour.ts) */
  accentColour: string
  logoMediaId: string | null
  coverMediaId: string | null
  logoUrl: string | null
  /** ISO time of the last change of any of these */
  updatedAt: string
  coverUrl: string | null
  /** as it is now: stricter than usual in a raid */
  joinMode: JoinMode
  usualJoinMode: JoinMode
  readMode: ReadMode
  emailMode: EmailMode
  picturePolicy: PicturePolicy
  defaultAudience: 'public' | 'members' | 'followers'
  /** may every member make invitation links, or only staff */
  membersMayInvite: boolean
  showPublicPostsOnFrontPage: boolean
  /** lossless music stays downloadable, without its tags, beside what is played */
  keepLossless: boolean
  /** the largest file of each kind, in MB */
  mostImageMegabytes: number
  mostVideoMegabytes: number
  mostAudioMegabytes: number
  /** what one member may keep here in all, in MB of originals; 0: no end */
  memberQuotaMegabytes: number
  /** posts appear at once, and their film when it is ready; otherwise the post waits for it */
  publishWhileProcessing: boolean
  /** who runs it, in their own words */
  operator: string
  contactEmail: string
  /** Markdown */
  terms: string
  /** while it lasts: see raid.ts */
  raid: Raid | null
  /** when the latest raid ends or ended, until that is written down */
  raidUntil: string | null
  /** when something went wrong; then `joinMode` and `readMode` say what holds meanwhile, not what was chosen */
  lockdown: Lockdown | null
  /** the page with figures about moderation is open to everybody */
  transparency: boolean
  /** what stands above its figures, Markdown */
  transparencyWords: string
}
/** The door is closed a little, and newcomers are kept small, until then (ISO times). */
export type Raid = { until: string; joinMode: 'approval' | 'invitation' | 'closed'; hold: boolean; bare: boolean; startedAt: string; byId: string | null; why: string }
export type SettingsPatch = Partial<Omit<Settings, 'logoUrl' | 'coverUrl' | 'updatedAt' | 'raid' | 'raidUntil' | 'usualJoinMode' | 'lockdown'>>

/** members: only who has an account reads, nobody joins · closed: only owners come in · readonly: everybody reads as before, nobody writes. */
export type LockdownMode = 'members' | 'closed' | 'readonly'
/** `message`: the owner's words for everybody, may be empty · `since`: ISO · `by`: an account, or null for the command line */
export type Lockdown = { mode: LockdownMode; message: string; since: string; by: string | null }

/** The terms, the privacy policy, the community's story. */
export type TextKind = 'terms' | 'privacy' | 'about'
/** One version; `html` is safe, `effectiveOn` a day like '2026-11-23'. An empty text: there is none from that day on. */
export type InstanceText = { id: string; text: string; html: string; effectiveOn: string; createdAt: string }

/** Who changes something of the community: an account, the command line, or the program itself. */
export type Actor = { id: string; role: 'member' | 'moderator' | 'admin' | 'owner' } | 'command' | 'program'

export type Translation = { text: string; hint?: string }
/** A rule in the reader's language. */
export type RuleView = { id: RuleId; text: string; hint: string }
export type Rule = RuleView & { translations: Record<string, Translation> }
export type RuleDraft = { text: string; hint?: string; translations?: Record<string, Translation> }

export type AnnouncementDraft = {
  text: string
  translations?: Record<string, string>
  emphasised?: boolean
  startsAt?: Date | null
  endsAt?: Date | null
}
/** An announcement in the reader's language; `html` is safe. */
export type AnnouncementView = { id: AnnouncementId; text: string; html: string; emphasised: boolean; startsAt: string | null; endsAt: string | null; publishedAt: string; updatedAt: string; /** the reader has dismissed it */ read: boolean }
/** As its writers see it. */
export type Announcement = {
  id: AnnouncementId
  text: string
  html: string
  translations: Record<string, { text: string; html: string }>
  emphasised: boolean
  startsAt: string | null
  endsAt: string | null
  publishedAt: string | null
  createdAt: string
}
/** Somebody who reads announcements. */
export type Reader = { id: string; locale: string } | null
