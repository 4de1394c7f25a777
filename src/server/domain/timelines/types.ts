export type AccountTab = 'posts' | 'replies' | 'media' | 'music'
/** Besides the tag itself: also with any of these, only with all of these, without any of these; with or without '#', at most four each. */
export type MoreTags = { any?: string[]; all?: string[]; none?: string[] }
/** A narrower view of a list. */
export type Narrow = { onlyMedia?: boolean; noReplies?: boolean; noBoosts?: boolean; /** only with this tag, with or without '#' */ tag?: string }
