import type { Id } from '#server/platform/ids/index.ts'

export type AccountId = Id<'account'>
export type Role = 'member' | 'moderator' | 'admin' | 'owner'
export type AccountState = 'pending' | 'active' | 'limited' | 'suspended' | 'deleted'

/** Who is acting: loaded once a request from the session or the token. */
export type Account = {
  id: AccountId
  username: string
  displayName: string
  role: Role
  state: AccountState
  locale: 'en' | 'ar'
  locked: boolean
  defaultAudience: 'public' | 'members' | 'followers' | 'mentioned'
  defaultLanguage: string | null
  preferences: Preferences
  createdAt: Date
}
/** What a member set for themselves; missing means the default. */
export type Preferences = { theme?: 'system' | 'light' | 'dark'; reduceMotion?: boolean; autoplay?: boolean; remindAlt?: boolean; requireAlt?: boolean; shortcuts?: boolean; notify?: Partial<Record<string, boolean>>
  /** new posts' pictures are covered unless said otherwise */
  sensitive?: boolean
  /** covered pictures: covered unless 'show', 'hide' covers all */
  showMedia?: 'covered' | 'show' | 'hide'
  /** says that they are an adult, and wants to see what is for adults only */
  adult?: boolean
  /** what stands behind a warning is open at once */
  openWarnings?: boolean
  /** who may quote one's new posts */
  quotePolicy?: 'public' | 'followers' | 'ask' | 'nobody'
  /** who may answer what one begins */
  replyPolicy?: 'everyone' | 'followers' | 'followed' | 'mentioned' | 'nobody'
  /** who may name one in posts for many, and who may write to one */
  mayMention?: NamePolicy
  mayMessage?: NamePolicy }
/** everyone · those whom one follows · nobody; who looks after the community always may */
export type NamePolicy = 'everyone' | 'followed' | 'nobody'
/** null: nobody is signed in */
export type Viewer = Account | null

/** How an account shows, to anybody. Plain data: safe to hand to a page. */
export type AccountView = {
  id: AccountId
  username: string
  /** display name, or the username where there is none */
  name: string
  bioHtml: string
  /** the picture to show: the member's own, or the generated one */
  avatarUrl: string
  coverUrl: string | null
  fields: { name: string; value: string; html: string }[]
  role: Role
  state: AccountState
  locked: boolean
  bot: boolean
  /** wants to be found by strangers */
  discoverable: boolean
  postsCount: number
  followersCount: number
  followingCount: number
  /** ISO time of the newest post; null before the first */
  lastPostAt: string | null
  createdAt: string
}
